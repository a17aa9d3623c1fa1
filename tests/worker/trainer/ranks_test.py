"""Goal: N ranks train the same global batch as one. Method: the same trial under mpirun with 1, 2 and 3
ranks, dropout 0, SGD, batch norm, and a last partial batch of two images (fewer than three ranks);
loss curves of more than 50 steps and the summed gradients of the first step are compared, with plain
steps and with clipped steps of accumulated batches and averaged weights."""
import os
import unittest

import numpy

from standalone import Standalone

TRIAL = """
name: ranks
data: {{dataset: glyphs, options: {{train: 402, test: 36, seed: 3, classes: 10}}, normalize: {{mean: 0.2, std: 0.4}}}}
model:
  layers: [{{conv: {{out: 8, kernel: 3}}}}, batch_norm, relu, {{max_pool: 2}},
           {{residual: {{layers: [{{conv: {{out: 8, kernel: 3, padding: same}}}}, batch_norm]}}}}, relu,
           {{squeeze_excite: 4}}, flatten, {{linear: 24}}, relu, {{linear: classes}}]
training:
  epochs: 8
  batch_size: 60
  optimizer: {{name: sgd, lr: {lr}}}
  precision: {precision}{more}
searcher: {{name: single, metric: validation_loss}}
resources: {{slots_per_trial: {ranks}}}
evaluation: {{curves: false}}
"""
LIMITS = {"fp64": (1e-10, 1e-12), "fp32": (1e-5, 1e-5)}


class Ranks(unittest.TestCase):
    def run_with(self, precision, ranks, lr, more):
        trial = Standalone(TRIAL.format(precision=precision, ranks=ranks, lr=lr, more=more))
        self.addCleanup(trial.close)
        dump = os.path.join(trial.directory, "gradients.safetensors")
        run = trial.run("--dump-gradients", dump, ranks=ranks)
        return run.step_losses(), run.gradients(dump), run

    def compare(self, precision, lr=0.01, more=""):
        curve_limit, gradient_limit = LIMITS[precision]
        one_losses, one_gradients, one = self.run_with(precision, 1, lr, more)
        self.assertGreaterEqual(len(one_losses), 50)
        self.assertLess(one_losses[-1], 0.95 * one_losses[0], "it must learn something")
        for ranks in (2, 3):
            if precision == "fp32" and ranks == 3:
                gradient_limit *= 2  # thirds of a batch round differently in more places than halves
            losses, gradients, run = self.run_with(precision, ranks, lr, more)
            worst = numpy.max(numpy.abs(losses - one_losses))
            print(f"{precision} {ranks} ranks: {len(losses)} steps, loss curve differs by {worst:.3g}")
            self.assertLessEqual(worst, curve_limit)
            self.assertEqual(gradients.keys(), one_gradients.keys())
            for name, gradient in gradients.items():
                scale = numpy.max(numpy.abs(one_gradients[name]))
                if scale == 0:
                    self.assertEqual(numpy.max(numpy.abs(gradient)), 0)
                    continue
                # A bias in front of a batch norm has a gradient of exactly 0 in exact arithmetic.
                noise = gradient_limit * max(numpy.max(numpy.abs(g)) for g in one_gradients.values())
                difference = numpy.max(numpy.abs(gradient - one_gradients[name]))
                before_norm = name in ("0.bias", "4.body.0.bias")
                limit = noise if before_norm else gradient_limit * scale
                self.assertLessEqual(difference, limit, f"{name} with {ranks} ranks")
            self.assertEqual(run.of_type("evaluation")[0]["n"], one.of_type("evaluation")[0]["n"])
            # What was validated: the averages, if there are any.
            values = [[m["validation"]["loss"] for _, _, m in r.epoch_metrics()] for r in (run, one)]
            numpy.testing.assert_allclose(*values, rtol=1e-4 if precision == "fp32" else 1e-6)

    def test_fp64(self):
        self.compare("fp64")

    def test_fp32(self):
        self.compare("fp32")

    def test_clipped_steps_of_accumulated_batches_and_averaged_weights(self):
        # Seven batches: groups of 3, 3 and the small last one.
        self.compare("fp64", 0.1, """
  gradient: {clip_norm: 0.8, accumulate: 3}
  ema: {decay: 0.9}""")


if __name__ == "__main__":
    unittest.main(verbosity=2)
