"""Goal: stopped and resumed is the same as never stopped, bit for bit; ends are told apart. Method:
standalone runs with dropout, Adam and a stop in the middle of an epoch or at its end."""
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
searcher: {{name: single, metric: validation_loss}}
checkpoint_policy: all
evaluation: {{curves: false}}
"""


def trial(epochs=4, lr="3e-3", precision="fp32", on_nan="stop", optimizer="adam"):
    return Standalone(TRIAL.format(epochs=epochs, lr=lr, precision=precision, on_nan=on_nan,
                                   optimizer=optimizer))


class Resume(unittest.TestCase):
    def compare(self, stop_after):
        uninterrupted = trial()
        self.addCleanup(uninterrupted.close)
        whole = uninterrupted.run()
        stopped = trial()
        self.addCleanup(stopped.close)
        out = os.path.join(stopped.directory, "run")
        first = stopped.run("--stop-after", str(stop_after), out=out)
        self.assertEqual(first.done()["outcome"], "preempted")
        last = first.of_type("checkpoint")[-1]
        self.assertEqual(last["step"], stop_after)
        second = stopped.run("--resume", last["name"], "--attempt", "2", out=out)
        self.assertEqual(second.of_type("started")[0]["resumed_from_step"], stop_after)
        self.assertEqual(first.epoch_metrics() + second.epoch_metrics(), whole.epoch_metrics())
        expected, found = whole.weights(), second.weights()
        self.assertEqual(expected.keys(), found.keys())
        for name in expected:
            numpy.testing.assert_array_equal(expected[name], found[name], name)
        self.assertEqual([e["metrics"] for e in second.of_type("evaluation")],
                         [e["metrics"] for e in whole.of_type("evaluation")])

    def test_in_the_middle_of_an_epoch(self):
        self.compare(10)

    def test_at_the_end_of_an_epoch(self):
        self.compare(14)

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
                                    optimizer="adam").replace(
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
