"""Goal: a training starts from another trial's weights exactly where its patterns say, or says why it
cannot; averaged weights are what is validated, kept and evaluated; snapshots are kept and evaluated when
they are due. Method: standalone runs and what they leave."""
import os
import shutil
import unittest

import numpy

from standalone import Standalone

TRIAL = """
name: beginnings
data: {{dataset: glyphs, options: {{train: 402, test: 36, seed: 3, classes: {classes}}}}}
model:
  layers: [{{conv: {{out: {channels}, kernel: 3}}}}, batch_norm, relu, {{max_pool: 2}}, flatten,
           {{linear: 24}}, relu, {{linear: classes}}]
training: {{epochs: {epochs}, batch_size: 60, optimizer: {{name: adam, lr: {lr}}}{more}}}
searcher: {{name: single, metric: validation_loss}}
checkpoint_policy: {policy}
evaluation: {{curves: false}}
"""


class Base(unittest.TestCase):
    def trial(self, more="", classes=10, channels=8, epochs=2, lr="3e-3", policy="best", extra=""):
        t = Standalone(TRIAL.format(more=more, classes=classes, channels=channels, epochs=epochs, lr=lr,
                                    policy=policy) + extra)
        self.addCleanup(t.close)
        return t


class WarmStart(Base):
    @classmethod
    def setUpClass(cls):
        cls.source = Standalone(TRIAL.format(more="", classes=10, channels=8, epochs=1, lr="3e-3",
                                             policy="best"))
        cls.finished = cls.source.run()
        cls.name = cls.finished.of_type("checkpoint")[-1]["name"]

    @classmethod
    def tearDownClass(cls):
        cls.source.close()

    def start(self, patterns, check=True, **options):
        """A run that starts from the source's checkpoint and stands still."""
        t = self.trial(", warm_start: {checkpoint: 1.1@best}", lr="1e-30", **options)
        out = os.path.join(t.directory, "run")
        os.makedirs(out)
        shutil.copytree(os.path.join(self.finished.directory, "checkpoints"),
                        os.path.join(out, "checkpoints"))
        t.set("training.warm_start.name", self.name)
        t.set("training.warm_start.sha256", self.finished.of_type("checkpoint")[-1]["sha256"])
        t.set("training.warm_start.weights", patterns)
        return t.run("--attempt", "2", out=out, check=check)

    def fresh(self, **options):
        return self.trial(lr="1e-30", **options).run().weights()

    def test_the_patterns_weights_are_the_checkpoints_and_the_others_are_new(self):
        for classes in (10, 36):
            with self.subTest(classes=classes):
                run = self.start(["0.*", "1.weight", "1.bias"], classes=classes)
                source, found, new = self.finished.weights(), run.weights(), self.fresh(classes=classes)
                for name in found:
                    loaded = name.startswith("0.") or name in ("1.weight", "1.bias")
                    if name.startswith("1.running") or "num_batches" in name:
                        continue  # moves with every batch
                    numpy.testing.assert_array_equal(found[name], (source if loaded else new)[name],
                                                     name)
                self.assertIn("4 tensors of checkpoint " + self.name, run.of_type("log")[0]["text"])

    def test_everything_with_its_statistics(self):
        run = self.start(["*"])
        validation = self.finished.epoch_metrics()[-1][2]["validation"]
        first = run.epoch_metrics()[0][2]["validation"]
        # Statistics that started at those of the source, not at 0 and 1.
        self.assertLess(abs(first["loss"] - validation["loss"]), 0.1 * validation["loss"])
        self.assertEqual(int(run.weights()["1.num_batches_tracked"]), 7 + 14)

    def check_error(self, run, *texts):
        self.assertNotEqual(run.code, 0)
        self.assertEqual((run.done()["outcome"], run.done()["class"]), ("error", "USER"))
        for text in texts:
            self.assertIn(text, run.done()["message"])
        self.assertEqual(run.of_type("checkpoint"), [])

    def test_shapes_that_differ_name_both_and_the_patterns_that_fit(self):
        self.check_error(self.start(["*"], classes=36, check=False), "'7.weight'", "[10, 24]",
                         "[36, 24]", "['0.*', '1.*', '5.*']")
        self.check_error(self.start(["0.*", "1.*"], channels=16, check=False), "'0.weight'",
                         "[8, 1, 3, 3]", "[16, 1, 3, 3]", "['7.*']")

    def test_a_pattern_for_nothing_names_the_layers(self):
        self.check_error(self.start(["0.*", "features.*"], check=False), "'features.*'",
                         "['0.*', '1.*', '5.*', '7.*']")

    def test_a_checkpoint_that_nobody_resolved_is_named(self):
        t = self.trial(", warm_start: {checkpoint: 1.1@best}")
        self.check_error(t.run(check=False), "1.1@best")

    def test_a_resumed_attempt_goes_on_with_its_own_weights(self):
        t = self.trial(", warm_start: {checkpoint: 1.1@best}")
        out = os.path.join(t.directory, "run")
        os.makedirs(out)
        shutil.copytree(os.path.join(self.finished.directory, "checkpoints"),
                        os.path.join(out, "checkpoints"))
        run = t.run("--attempt", "2", "--resume", self.name, out=out)
        self.assertEqual(run.of_type("started")[0]["resumed_from_step"], 7)


class Averages(Base):
    def test_what_is_validated_kept_and_evaluated_are_the_averages(self):
        for policy in ("all", "none"):
            with self.subTest(policy):
                # A rate at which the raw weights jump about.
                run = self.trial(", ema: {decay: 0.9}", epochs=4, lr="5e-2", policy=policy).run()
                plain = self.trial("", epochs=4, lr="5e-2", policy=policy).run()
                self.assertEqual([m["train"] for _, _, m in run.epoch_metrics()],
                                 [m["train"] for _, _, m in plain.epoch_metrics()])
                values = {e: m["validation"]["loss"] for e, _, m in run.epoch_metrics()}
                self.assertNotEqual(list(values.values()),
                                    [m["validation"]["loss"] for _, _, m in plain.epoch_metrics()])
                best = min(values, key=values.get)
                evaluations = {e["split"]: e for e in run.of_type("evaluation")}
                self.assertEqual(evaluations["validation"]["epoch"], best)
                self.assertEqual(evaluations["validation"]["metrics"]["loss"], values[best])

    def test_raw_weights_are_trained_as_without(self):
        run = self.trial(", ema: {decay: 0.9}", policy="all").run()
        plain = self.trial("", policy="all").run()
        trained, expected = run.weights(file="trained"), plain.weights()
        for name in expected:
            numpy.testing.assert_array_equal(trained[name], expected[name], name)


class Snapshots(Base):
    SNAPSHOTS = "ensemble: {members: {snapshots: 3}}\n"

    def check(self, runs, epochs, steps):
        """The evaluations of all runs: both splits at each epoch, under the checkpoint's name."""
        found = [(e["epoch"], e["step"], e["split"]) for r in runs for e in r.of_type("evaluation")]
        saved = {c["step"]: c["name"] for r in runs for c in r.of_type("checkpoint")}
        for epoch, step in zip(epochs, steps):
            for split in ("validation", "test"):
                self.assertEqual(found.count((epoch, step, split)), 1, (epoch, step, split))
        for e in (e for r in runs for e in r.of_type("evaluation")):
            self.assertEqual(e["checkpoint"], saved[e["step"]])
        values = {e: m["validation"]["loss"] for r in runs for e, _, m in r.epoch_metrics()}
        for e in (e for r in runs for e in r.of_type("evaluation")):
            if e["split"] == "validation":
                self.assertEqual(e["metrics"]["loss"], values[e["epoch"]])

    def test_are_kept_and_evaluated_when_due_whatever_the_policy(self):
        for policy in ("none", "best", "all"):
            for more in ("", ", ema: {decay: 0.9}"):
                with self.subTest(policy=policy, more=more):
                    run = self.trial(more, epochs=4, policy=policy, extra=self.SNAPSHOTS).run()
                    self.check([run], (1, 3, 4), (7, 21, 28))

    def test_the_best_is_evaluated_beside_them(self):
        # Epoch 2 is no snapshot; from it on nothing gets better.
        t = self.trial(epochs=4, lr="3e-3", policy="best", extra=self.SNAPSHOTS)
        out = os.path.join(t.directory, "run")
        first = t.run("--stop-after", "14", out=out)
        self.assertLess(first.epoch_metrics()[1][2]["validation"]["loss"],
                        first.epoch_metrics()[0][2]["validation"]["loss"])
        wild = self.trial(epochs=4, lr="1e3", policy="best", more=", on_nan: continue",
                          extra=self.SNAPSHOTS)
        second = wild.run("--resume", "1/1/1-step-14", "--attempt", "2", out=out)
        self.check([first, second], (1, 3, 4, 2), (7, 21, 28, 14))

    def test_one_whose_attempt_ended_before_its_evaluation_is_evaluated_by_the_next(self):
        t = self.trial(epochs=4, policy="all", extra=self.SNAPSHOTS)
        out = os.path.join(t.directory, "run")
        t.run("--stop-after", "21", out=out)
        second = t.run("--resume", "1/1/1-step-21", "--attempt", "2", out=out)
        found = [(e["epoch"], e["checkpoint"]) for e in second.of_type("evaluation")]
        self.assertEqual(found[:2], [(3, "1/1/1-step-21")] * 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
