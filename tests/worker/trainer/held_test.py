"""Goal: a trial that is held for its searcher's decision and goes on is the one that never stopped, bit
for bit, in epochs and in batches; a trial that goes on from another's checkpoint takes over its training
and nothing that is the other's own. Method: standalone runs that are held at --run-until, and runs
whose --trial is not that of the checkpoint."""
import os
import unittest

import numpy

from standalone import Standalone

TRIAL = """
name: held
data: {{dataset: glyphs, options: {{train: 402, test: 36, seed: 3, classes: 10}}}}
model:
  layers: [{{conv: {{out: 8, kernel: 3}}}}, batch_norm, relu, {{max_pool: 2}}, flatten,
           {{dropout: {dropout}}}, {{linear: 24}}, relu, {{linear: classes}}]
training:
  batch_size: {batch}
  optimizer: {{name: adam, lr: {lr}, weight_decay: {decay}}}
  {more}
searcher: {{name: single, metric: validation_loss, {length}}}
evaluation: {{curves: false}}
{extra}
"""

# 362 images are 7 batches an epoch: groups of 3, 3 and 1.
EVERYTHING = """schedule: {name: cosine, warmup: {epochs: 1}}
  ema: {decay: 0.9}
  gradient: {clip_norm: 0.5, accumulate: 3}
  early_stopping: {patience: 30}"""
EPOCHS = "time_metric: epochs, max_time: 4"
BATCHES = "time_metric: batches, max_time: 25"


class Trials(unittest.TestCase):
    def trial(self, length=EPOCHS, more="", extra="", batch=60, lr="3e-3", decay=0, dropout=0.5):
        t = Standalone(TRIAL.format(length=length, more=more, extra=extra, batch=batch, lr=lr,
                                    decay=decay, dropout=dropout))
        self.addCleanup(t.close)
        return t

    def held(self, t, times, ranks=1, seed=5, **run):
        """Runs of one trial that is held at each of `times` and then goes on to its end."""
        out = os.path.join(t.directory, "held")
        runs = []
        for attempt, until in enumerate([*times, 0], start=1):
            flags = ["--attempt", str(attempt)]
            if until:
                flags += ["--run-until", str(until)]
            if runs:
                flags += ["--resume", runs[-1].of_type("checkpoint")[-1]["name"]]
            runs.append(t.run(*flags, out=out, ranks=ranks, seed=seed, **run))
        return runs


def newest(runs):
    return [c for run in runs for c in run.of_type("checkpoint")][-1]["name"]


class Held(Trials):
    def compare(self, times, ranks=1, same_reports=True, **options):
        if ranks > 1:
            options["extra"] = options.get("extra", "") + f"resources: {{slots_per_trial: {ranks}}}\n"
        whole = self.trial(**options).run(ranks=ranks)
        runs = self.held(self.trial(**options), times, ranks)
        for run, time in zip(runs, times):
            self.assertEqual(run.done()["outcome"], "held")
            last = run.of_type("epoch")[-1]
            self.assertEqual(last["epoch"], time)
            self.assertIn("validation", last["metrics"])
            self.assertEqual(run.of_type("checkpoint")[-1]["epoch"], time)
            self.assertEqual(run.of_type("evaluation"), [])
        self.assertEqual([r.of_type("started")[0]["resumed_from_epoch"] for r in runs[1:]],
                         list(times))
        self.assertEqual(runs[-1].done()["outcome"], "completed")
        self.assertEqual([s for r in runs for s in r.steps()], whole.steps())
        reports = [m for r in runs for m in r.epoch_metrics()]
        if same_reports:
            self.assertEqual(reports, whole.epoch_metrics())
            self.assertEqual([e["metrics"] for e in runs[-1].of_type("evaluation")],
                             [e["metrics"] for e in whole.of_type("evaluation")])
        validations = {time: m["validation"] for time, _, m in reports if "validation" in m}
        for time, _, metrics in whole.epoch_metrics():
            if "validation" in metrics:
                self.assertEqual(validations[time], metrics["validation"])
        for file in ["model", "optimizer"]:
            expected, found = whole.weights(file=file), runs[-1].weights(newest(runs), file)
            self.assertEqual(expected.keys(), found.keys())
            for name in expected:
                numpy.testing.assert_array_equal(expected[name], found[name], name)
        return runs, whole

    def test_in_epochs(self):
        self.compare([1, 3])

    def test_in_epochs_with_every_rule(self):
        self.compare([2], more=EVERYTHING)

    def test_a_validation_that_only_the_searcher_asked_for_moves_no_rate(self):
        more = "schedule: {name: plateau, factor: 0.5, patience: 0, min_delta: 0.9}"
        runs, whole = self.compare([1, 3], same_reports=False, more=more,
                                   length="time_metric: epochs, max_time: 6",
                                   extra="min_validation_period: 2\n")
        self.assertLess(whole.step_rates()[-1], whole.step_rates()[0])
        self.assertNotIn("validation", whole.of_type("epoch")[0]["metrics"])
        self.assertIn("validation", runs[0].of_type("epoch")[-1]["metrics"])

    def test_in_batches_at_validations(self):
        runs, whole = self.compare([10, 20], length=BATCHES, more=EVERYTHING,
                                   extra="min_validation_period: 5\n")
        self.assertEqual([e[:2] for e in whole.epoch_metrics()],
                         [(n, n) for n in (5, 10, 15, 20, 25)])
        self.assertEqual(len(whole.steps()), 25)
        self.assertEqual(runs[0].of_type("checkpoint")[-1]["step"], 10)

    def test_in_batches_between_validations_and_within_a_group(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                self.compare([8, 23], ranks=ranks, same_reports=False, length=BATCHES,
                             more=EVERYTHING, extra="min_validation_period: 5\n")

    def test_batches_without_a_period_are_validated_after_every_epoch(self):
        _, whole = self.compare([9], same_reports=False, length=BATCHES)
        self.assertEqual([e[0] for e in whole.epoch_metrics()], [7, 14, 21, 25])

    def test_a_whole_number_of_epochs_in_batches_is_the_training_in_epochs(self):
        for more in ("", EVERYTHING):
            with self.subTest(more):
                epochs = self.trial(length="time_metric: epochs, max_time: 3", more=more).run()
                batches = self.trial(length="time_metric: batches, max_time: 21", more=more).run()
                self.assertEqual(batches.steps(), epochs.steps())
                self.assertEqual([m for _, _, m in batches.epoch_metrics()],
                                 [m for _, _, m in epochs.epoch_metrics()])
                self.assertEqual([e["metrics"] for e in batches.of_type("evaluation")],
                                 [e["metrics"] for e in epochs.of_type("evaluation")])

    def test_the_end_comes_before_a_later_time_to_hold(self):
        for until in (4, 9):
            run = self.trial().run("--run-until", str(until))
            self.assertEqual(run.done()["outcome"], "completed")
            self.assertGreater(len(run.of_type("evaluation")), 0)

    def test_what_is_there_already_is_held_without_a_further_batch(self):
        t = self.trial()
        out = os.path.join(t.directory, "held")
        first = t.run("--run-until", "2", out=out)
        name = first.of_type("checkpoint")[-1]["name"]
        again = t.run("--run-until", "2", "--resume", name, "--attempt", "2", out=out)
        self.assertEqual(again.done()["outcome"], "held")
        self.assertEqual((again.steps(), again.of_type("checkpoint")), ([], []))


class Parents(Trials):
    def child(self, parent, t, at, seed=6, check=True, **run):
        """A run of trial 2 that goes on from what `parent` has saved when it was held."""
        out = os.path.join(parent.directory, "family")
        first = parent.run("--run-until", str(at), out=out)
        self.assertEqual(first.done()["outcome"], "held")
        name = first.of_type("checkpoint")[-1]["name"]
        return first, t.run("--trial", "2", "--attempt", "2", "--resume", name, out=out, seed=seed,
                            check=check, **run)

    def test_goes_on_with_other_values(self):
        t = self.trial(batch=32, lr="1e-3", decay=0.01, dropout=0.2)
        first, child = self.child(self.trial(), t, 2)
        started = child.of_type("started")[0]
        self.assertEqual((started["resumed_from_epoch"], started["resumed_from_step"]), (2, 14))
        self.assertEqual([e[0] for e in child.epoch_metrics()], [3, 4])
        self.assertEqual(set(child.step_rates()), {1e-3})
        # 362 images in batches of 32.
        self.assertEqual(len(child.steps()), 24)
        # It has learned already.
        self.assertLess(child.step_losses()[0], 0.8 * first.step_losses()[0])
        self.assertEqual(child.done()["outcome"], "completed")

    def test_a_parents_best_is_not_the_childs(self):
        # The child's own rate makes it worse than its parent ever was.
        t = self.trial(lr="3", more="on_nan: continue")
        first, child = self.child(self.trial(), t, 3)
        best = min(m["validation"]["loss"] for _, _, m in first.epoch_metrics())
        for _, _, metrics in child.epoch_metrics():
            self.assertGreater(float(metrics["validation"]["loss"]), best)
        self.assertEqual({e["epoch"] for e in child.of_type("evaluation")}, {4})
        for checkpoint in child.of_type("checkpoint"):
            self.assertTrue(checkpoint["name"].startswith("1/2/"), checkpoint["name"])

    def test_in_batches_of_another_size_it_goes_on_in_the_same_part_of_the_epoch(self):
        extra = "min_validation_period: 5\n"
        t = self.trial(length=BATCHES, batch=30, extra=extra)
        # 10 batches of 60: 3 into the second epoch, which are 6 of 30 of its 13.
        _, child = self.child(self.trial(length=BATCHES, extra=extra), t, 10)
        self.assertEqual(child.of_type("started")[0]["resumed_from_step"], 10)
        self.assertEqual([e[0] for e in child.epoch_metrics()], [15, 20, 25])
        self.assertEqual(len(child.steps()), 15)
        self.assertEqual(child.done()["outcome"], "completed")

    def test_the_same_values_and_seed_are_the_parent_gone_on(self):
        whole = self.trial().run()
        first, child = self.child(self.trial(), self.trial(), 2, seed=5)
        self.assertEqual(first.epoch_metrics() + child.epoch_metrics(), whole.epoch_metrics())

    def test_another_model_is_the_users_error_and_names_what_does_not_fit(self):
        wide = self.trial()
        wide.set("model", {"preset": "mlp"})
        _, child = self.child(self.trial(), wide, 2, check=False)
        done = child.done()
        self.assertEqual((done["outcome"], done["class"]), ("error", "USER"))
        self.assertIn("cannot go on from checkpoint 1/1/1-step-14 of another one", done["message"])
        sgd = self.trial()
        sgd.set("training.optimizer.name", "sgd")
        sgd.set("training.optimizer.momentum", 0.9)
        _, child = self.child(self.trial(), sgd, 2, check=False)
        self.assertEqual((child.done()["outcome"], child.done()["class"]), ("error", "USER"))
        other = self.trial()
        other.set("data.options.classes", 36)
        _, child = self.child(self.trial(), other, 2, check=False)
        self.assertEqual((child.done()["outcome"], child.done()["class"]), ("error", "USER"))


class Measured(Trials):
    def test_latency_is_reported_where_a_search_asks_for_it(self):
        asked = self.trial(length="max_time: 1, constraints: [{metric: validation_latency_ms, "
                                  "max: 1000}]").run()
        self.assertGreater(asked.epoch_metrics()[0][2]["validation"]["latency_ms"], 0)
        plain = self.trial(length="max_time: 1").run()
        self.assertNotIn("latency_ms", plain.epoch_metrics()[0][2]["validation"])

    def test_values_that_do_not_fit_the_data_are_invalid_and_not_the_users_mistake(self):
        too_large = {"layers": [{"conv": {"out": 4, "kernel": 41}}, "flatten",
                                {"linear": "classes"}]}
        for spaces, failure in (({"model": {"type": "categorical", "vals": [too_large]}},
                                 "INVALID_HP"), ({}, "USER")):
            t = self.trial(length="max_time: 1")
            t.set("model", too_large)
            t.set("hyperparameters", spaces)
            done = t.run(check=False).done()
            self.assertEqual((done["outcome"], done["class"]), ("error", failure))
            self.assertIn("model.layers[0] (conv)", done["message"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
