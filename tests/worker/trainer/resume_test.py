"""Goal: stopped and resumed is the same as never stopped, bit for bit; ends are told apart. Method:
standalone runs with dropout, Adam, and every rule of training.* that keeps a state between steps, with
a stop in the middle of an epoch, of an accumulation group, or at an epoch's end."""
import json
import os
import unittest

import numpy

from standalone import Standalone

TRIAL = """
name: resume
data: {{dataset: glyphs, options: {{train: 402, test: 36, seed: 3, classes: 10}}}}
model:
  layers: [{{conv: {{out: 8, kernel: 3}}}}, batch_norm, relu, {{max_pool: 2}}, flatten,
           {{dropout: 0.5}}, {{linear: 24}}, relu, {{linear: classes}}]
training:
  epochs: {epochs}
  batch_size: 60
  optimizer: {{name: {optimizer}, lr: {lr}}}
  precision: {precision}
  on_nan: {on_nan}
  {more}
searcher: {{name: single, metric: validation_loss}}
checkpoint_policy: all
evaluation: {{curves: false}}
"""


def trial(epochs=4, lr="3e-3", precision="fp32", on_nan="stop", optimizer="adam", more="",
          extra=""):
    return Standalone(TRIAL.format(epochs=epochs, lr=lr, precision=precision, on_nan=on_nan,
                                   optimizer=optimizer, more=more) + extra)


class Resume(unittest.TestCase):
    def compare(self, stop_after, ranks=1, **options):
        if ranks > 1:
            options["extra"] = f"resources: {{slots_per_trial: {ranks}}}\n"
        uninterrupted = trial(**options)
        self.addCleanup(uninterrupted.close)
        whole = uninterrupted.run(ranks=ranks)
        stopped = trial(**options)
        self.addCleanup(stopped.close)
        out = os.path.join(stopped.directory, "run")
        first = stopped.run("--stop-after", str(stop_after), out=out, ranks=ranks)
        self.assertEqual(first.done()["outcome"], "preempted")
        last = first.of_type("checkpoint")[-1]
        self.assertEqual(last["step"], stop_after)
        second = stopped.run("--resume", last["name"], "--attempt", "2", out=out, ranks=ranks)
        self.assertEqual(second.of_type("started")[0]["resumed_from_step"], stop_after)
        self.assertEqual(first.epoch_metrics() + second.epoch_metrics(), whole.epoch_metrics())
        self.assertEqual(first.steps() + second.steps(), whole.steps())
        self.assertEqual([e["lr"] for e in first.of_type("epoch") + second.of_type("epoch")],
                         [e["lr"] for e in whole.of_type("epoch")])
        newest = (first.of_type("checkpoint") + second.of_type("checkpoint"))[-1]["name"]
        for file in ["model", "optimizer"] + (["trained"] if "ema" in options.get("more", "") else []):
            expected, found = whole.weights(file=file), second.weights(newest, file)
            self.assertEqual(expected.keys(), found.keys())
            for name in expected:
                numpy.testing.assert_array_equal(expected[name], found[name], name)
        self.assertEqual([e["metrics"] for e in second.of_type("evaluation")],
                         [e["metrics"] for e in whole.of_type("evaluation")])
        return first, second, whole

    # Groups of 3, 3 and 1 of the 7 batches of an epoch.
    EVERYTHING = """schedule: {name: cosine, cycles: 2, warmup: {epochs: 1}}
  ema: {decay: 0.9}
  gradient: {clip_norm: 0.5, accumulate: 3}
  early_stopping: {patience: 30}
  loss: {label_smoothing: 0.1}
  freeze: ['6.*']"""

    def test_in_the_middle_of_an_epoch(self):
        self.compare(10)

    def test_at_the_end_of_an_epoch(self):
        self.compare(14)

    def test_with_all_rules_at_the_end_of_an_epoch_and_of_a_group(self):
        for stop_after in (14, 10):
            with self.subTest(stop_after):
                first, _, _ = self.compare(stop_after, more=self.EVERYTHING)
                self.assertFalse(self.holds_gradients(first))

    def test_with_all_rules_in_the_middle_of_an_accumulation_group(self):
        for stop_after, ranks in ((1, 1), (9, 1), (12, 2)):
            with self.subTest(stop_after=stop_after, ranks=ranks):
                first, _, _ = self.compare(stop_after, ranks, more=self.EVERYTHING)
                self.assertTrue(self.holds_gradients(first))

    @staticmethod
    def holds_gradients(run):
        name = run.of_type("checkpoint")[-1]["name"]
        return os.path.exists(os.path.join(run.directory, "checkpoints", name,
                                           "gradients.safetensors"))

    def test_another_number_of_ranks_goes_on_with_the_sum_of_a_group(self):
        more = self.EVERYTHING
        t = trial(more=more, precision="fp64")
        self.addCleanup(t.close)
        whole = t.run()
        for before, after in ((2, 1), (1, 2)):
            with self.subTest(before=before, after=after):
                out = os.path.join(t.directory, f"from{before}")
                first = t.run("--stop-after", "9", out=out, ranks=before)
                second = t.run("--resume", first.of_type("checkpoint")[-1]["name"], "--attempt", "2",
                               out=out, ranks=after)
                losses = numpy.concatenate([first.step_losses(), second.step_losses()])
                numpy.testing.assert_allclose(losses, whole.step_losses(), rtol=1e-9)

    def test_plateau_goes_on_counting(self):
        more = "schedule: {name: plateau, factor: 0.5, patience: 1, min_delta: 0.9}"
        for stop_after in (14, 24):
            with self.subTest(stop_after):
                _, _, whole = self.compare(stop_after, epochs=6, more=more)
                self.assertLess(whole.step_rates()[-1], whole.step_rates()[0])

    def test_early_stopping_goes_on_counting(self):
        # Weights that stand still are never better than at first.
        more = "early_stopping: {patience: 2}\n  freeze: ['0.*', '1.*']"
        for stop_after in (10, 14, 21):
            with self.subTest(stop_after):
                _, second, whole = self.compare(stop_after, lr="1e-30", more=more)
                self.assertEqual(len(whole.epoch_metrics()), 3)
                for run in (second, whole):
                    self.assertEqual(run.done()["outcome"], "completed")
                    self.assertEqual(run.done()["message"], "stopped early at epoch 3: no better "
                                     "validation_loss since epoch 1")
                    self.assertEqual({e["epoch"] for e in run.of_type("evaluation")}, {1})
                self.assertEqual([c["final"] for c in whole.of_type("checkpoint")],
                                 [False, False, True])

    def test_the_best_checkpoint_of_an_earlier_attempt_is_the_one_evaluated(self):
        t = trial(lr="3e-2", epochs=3)  # so large that later epochs are not always better
        self.addCleanup(t.close)
        out = os.path.join(t.directory, "run")
        t.run("--stop-after", "14", out=out)
        newest = sorted(os.listdir(os.path.join(out, "checkpoints", "1", "1")))[-1]
        path = os.path.join(out, "checkpoints", "1", "1", newest, "manifest.json")
        with open(path, encoding="utf-8") as f:
            state = json.load(f)["state"]
        second = t.run("--resume", f"1/1/{newest}", "--attempt", "2", out=out)
        values = {e: m["validation"]["loss"] for e, _, m in second.epoch_metrics()}
        values[state["best_epoch"]] = state["best_value"]
        best = min(values, key=values.get)
        for evaluation in second.of_type("evaluation"):
            self.assertEqual(evaluation["epoch"], best)
            if evaluation["split"] == "validation":
                self.assertEqual(evaluation["metrics"]["loss"], values[best])


class Ends(unittest.TestCase):
    def end_of(self, t, **options):
        self.addCleanup(t.close)
        run = t.run(check=False, **options)
        return run, run.done()

    def test_a_loss_that_is_not_finite_ends_the_trial_as_nan(self):
        run, done = self.end_of(trial(lr="1e3", optimizer="sgd"))
        self.assertEqual((done["outcome"], done["class"]), ("error", "NAN"))
        self.assertNotEqual(run.code, 0)

    def test_on_nan_continue_goes_on_to_the_end(self):
        _, done = self.end_of(trial(lr="1e3", optimizer="sgd", on_nan="continue", epochs=2))
        self.assertEqual(done["outcome"], "completed")

    def test_missing_data_is_the_users_error_and_named(self):
        t = Standalone(TRIAL.format(epochs=1, lr="1e-3", precision="fp32", on_nan="stop",
                                    optimizer="adam", more="").replace(
            "dataset: glyphs, options: {train: 402, test: 36, seed: 3, classes: 10}",
            "dataset: mnist, root: /nowhere"))
        _, done = self.end_of(t)
        self.assertEqual((done["outcome"], done["class"]), ("error", "USER"))
        self.assertIn("/nowhere", done["message"])

    def test_bf16_weights_in_use_change_and_the_result_is_close_to_fp32(self):
        wide = trial(precision="fp32", epochs=8)
        narrow = trial(precision="bf16", epochs=8)
        frozen = trial(precision="bf16", lr="1e-30", epochs=2)
        for t in (wide, narrow, frozen):
            self.addCleanup(t.close)
        wide_losses, narrow_losses = wide.run().step_losses(), narrow.run().step_losses()
        self.assertLess(numpy.max(numpy.abs(wide_losses - narrow_losses)[:5]), 0.05)
        self.assertLess(narrow_losses[-7:].mean(), 0.8 * narrow_losses[:7].mean())
        # With a learning rate of nothing the first batch of each epoch would give its loss again.
        still = frozen.run().step_losses()
        self.assertGreater(still[-7:].mean(), 0.95 * still[:7].mean())


if __name__ == "__main__":
    unittest.main(verbosity=2)
