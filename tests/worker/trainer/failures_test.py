"""Goal: what happens when checkpoints cannot be written, and that every preset is built as described.
Method: standalone runs; a checkpoint is made impossible by something that lies in its place, which
stops root too; parameter counts are compared with the tensors of the checkpoint and with counts by
hand."""
import os
import unittest

from standalone import Standalone

TRIAL = """
name: failures
data: {{dataset: glyphs, options: {{train: 402, test: 36, seed: 3, classes: 10}}}}
model: {model}
training: {{epochs: 4, batch_size: 60, optimizer: {{name: adam, lr: {lr}}}, on_nan: continue}}
searcher: {{name: single, metric: validation_loss}}
checkpoint_policy: best
evaluation: {{curves: false}}
"""
SMALL = "{layers: [flatten, {linear: 16}, relu, {linear: classes}]}"
# By hand from the layers, for 1x28x28 and 10 classes.
PARAMETERS = {
    # 320 + 18496 + 1600*128+128 + 1290
    "mnist_cnn": 225034,
    # 320 + 9248 + 18496 + 36928 + 3136*128+128 + 1290
    "two_block_cnn": 467818,
}
PRESETS = os.path.join(os.path.dirname(__file__), *[".."] * 3, "experiments", "models", "presets")


class Failures(unittest.TestCase):
    def trial(self, lr="3e-3", model=SMALL):
        t = Standalone(TRIAL.format(lr=lr, model=model))
        self.addCleanup(t.close)
        return t

    @staticmethod
    def block(out, name):
        os.makedirs(os.path.join(out, "checkpoints", name, "in-the-way"))

    def test_the_first_checkpoint_that_cannot_be_written_ends_the_attempt(self):
        t = self.trial()
        out = os.path.join(t.directory, "run")
        os.makedirs(out)
        with open(os.path.join(out, "checkpoints"), "w", encoding="utf-8"):
            pass
        run = t.run(out=out, check=False)
        self.assertNotEqual(run.code, 0)
        self.assertEqual((run.done()["outcome"], run.done()["class"]), ("error", "INFRA"))
        self.assertIn(os.path.join(out, "checkpoints"), run.done()["message"])

    def test_a_later_one_is_logged_and_the_trial_goes_on(self):
        t = self.trial()
        out = os.path.join(t.directory, "run")
        self.block(out, "1/1/1-step-14")
        run = t.run(out=out)
        self.assertEqual(run.done()["outcome"], "completed")
        self.assertIn("1-step-14", run.of_type("log")[0]["text"])
        self.assertEqual([c["step"] for c in run.of_type("checkpoint")], [7, 21, 28])

    def test_best_weights_that_are_lost_are_not_named_as_evaluated(self):
        t = self.trial()
        out = os.path.join(t.directory, "run")
        t.run("--stop-after", "7", out=out)
        self.block(out, "1/1/2-step-14")
        second = t.run("--resume", "1/1/1-step-7", "--attempt", "2", "--stop-after", "10", out=out)
        epoch, step, best = second.epoch_metrics()[0]
        self.assertEqual((epoch, step), (2, 14))
        self.assertEqual(second.of_type("checkpoint")[-1]["step"], 17)
        # From here on it only gets worse.
        wild = self.trial(lr="1e3")
        third = wild.run("--resume", "1/1/2-step-17", "--attempt", "3", out=out)
        last = third.epoch_metrics()[-1][2]["validation"]
        self.assertGreater(last["loss"], best["validation"]["loss"])
        self.assertEqual(len(third.of_type("evaluation")), 2)
        for evaluation in third.of_type("evaluation"):
            self.assertEqual((evaluation["epoch"], evaluation["step"]), (4, 28))
            if evaluation["split"] == "validation":
                self.assertEqual(evaluation["metrics"]["loss"], last["loss"])

    def test_a_stop_is_obeyed(self):
        run = self.trial().run("--stop-after", "3")
        self.assertEqual(run.done()["outcome"], "preempted")
        self.assertEqual([c["step"] for c in run.of_type("checkpoint")], [3])
        self.assertEqual(len(run.step_losses()), 3)


class Presets(unittest.TestCase):
    def test_parameters_in_the_started_record_are_those_of_the_checkpoint(self):
        names = [name.removesuffix(".yaml") for name in sorted(os.listdir(PRESETS))]
        self.assertLessEqual(PARAMETERS.keys(), set(names))
        for name in names:
            with self.subTest(name):
                t = Standalone(TRIAL.format(lr="1e-3", model="{preset: " + name + "}"))
                self.addCleanup(t.close)
                run = t.run("--stop-after", "1")
                counted = sum(w.size for key, w in run.weights().items()
                              if "running_" not in key and "num_batches" not in key)
                started = run.of_type("started")[0]["parameters"]
                print(f"{name}: {started} parameters")
                self.assertEqual(started, counted)
                self.assertEqual(started, PARAMETERS.get(name, started))


if __name__ == "__main__":
    unittest.main(verbosity=2)
