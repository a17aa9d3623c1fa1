"""Goal: augmented training images are what PyTorch's affine_grid and grid_sample make of the same
parameters, and neither ranks nor restarts change a training run with them. Method: the images and
parameters that tutti-bench-augmentation writes, against torch; standalone runs with 1, 2 and 3
ranks, and one that is stopped in the middle of an epoch and resumed."""
import json
import os
import subprocess
import unittest

import numpy
import torch

from standalone import BIN, Standalone

TRIAL = """
name: augmented
data:
  dataset: glyphs
  options: {{train: 402, test: 36, seed: 3, classes: 10}}
  augment: {augment}
  normalize: {{mean: 0.2, std: 0.4}}
model:
  layers: [{{conv: {{out: 8, kernel: 3}}}}, relu, {{max_pool: 2}}, flatten, {{linear: 24}}, relu,
           {{linear: classes}}]
training:
  epochs: 3
  batch_size: 60
  optimizer: {{name: sgd, lr: 0.05}}
  precision: {precision}
searcher: {{name: single, metric: validation_loss}}
resources: {{slots_per_trial: {ranks}}}
checkpoint_policy: all
evaluation: {{curves: false}}
"""
ALL = "{rotate: 15, shift: 0.15, zoom: 0.2, shear: 10, erase: 0.3, erase_area: 0.2}"
NONE = "{rotate: 0}"


class Images(unittest.TestCase):
    def images(self, augment, count=200, seed=4):
        """Images [n, c, h, w] and their changes [n, 10]."""
        trial = Standalone(TRIAL.format(augment=augment, precision="fp32", ranks=1))
        self.addCleanup(trial.close)
        out = os.path.join(trial.directory, "images.bin")
        done = subprocess.run([os.path.join(BIN, "tutti-bench-augmentation"), trial.config,
                               "--images", str(count), "--seed", str(seed), "--epoch", "2",
                               "--out", out], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        c, h, w = json.loads(done.stdout)["shape"]
        numbers = numpy.fromfile(out, dtype=numpy.float32)
        pixels = count * c * h * w
        return (numbers[:pixels].reshape(count, c, h, w), numbers[pixels:].reshape(count, 10))

    def test_they_are_those_of_grid_sample(self):
        plain, _ = self.images(NONE)
        found, changes = self.images(ALL)
        n, _, h, w = plain.shape
        yy, yx, yt, xy, xx, xt = changes[:, :6].astype(numpy.float64).T
        theta = numpy.stack([numpy.stack([xx, xy * h / w, 2 * xt / w], 1),
                             numpy.stack([yx * w / h, yy, 2 * yt / h], 1)], 1)
        background = (0 - 0.2) / 0.4
        images = torch.from_numpy(plain).double() - background  # 0 is grid_sample's outside
        grid = torch.nn.functional.affine_grid(torch.from_numpy(theta), images.shape,
                                               align_corners=False)
        want = torch.nn.functional.grid_sample(images, grid, mode="bilinear", padding_mode="zeros",
                                               align_corners=False).numpy() + background
        for i in range(n):
            top, left, height, width = changes[i, 6:].astype(int)
            want[i, :, top:top + height, left:left + width] = background
        # In units of the brightest pixel.
        self.assertLess(numpy.abs(found - want).max() * 0.4, 1e-4)
        self.assertGreater(numpy.abs(found - plain).max(), 1)
        self.assertGreater((changes[:, 8] > 0).sum(), 20)

    def test_a_seed_draws_its_own(self):
        first, _ = self.images(ALL, seed=4)
        self.assertTrue(numpy.array_equal(first, self.images(ALL, seed=4)[0]))
        self.assertFalse(numpy.array_equal(first, self.images(ALL, seed=5)[0]))


class Training(unittest.TestCase):
    def trial(self, augment=ALL, precision="fp64", ranks=1):
        trial = Standalone(TRIAL.format(augment=augment, precision=precision, ranks=ranks))
        self.addCleanup(trial.close)
        return trial

    def test_ranks_see_the_same_images(self):
        one = self.trial().run().step_losses()
        for ranks in (2, 3):
            losses = self.trial(ranks=ranks).run(ranks=ranks).step_losses()
            self.assertLessEqual(numpy.max(numpy.abs(losses - one)), 1e-10, f"{ranks} ranks")
        plain = self.trial(augment=NONE).run().step_losses()
        self.assertGreater(numpy.max(numpy.abs(plain - one)), 1e-3)

    def test_stopped_and_resumed_is_the_same_bits(self):
        whole = self.trial(precision="fp32").run()
        stopped = self.trial(precision="fp32")
        out = os.path.join(stopped.directory, "run")
        first = stopped.run("--stop-after", "10", out=out)
        last = first.of_type("checkpoint")[-1]["name"]
        second = stopped.run("--resume", last, "--attempt", "2", out=out)
        self.assertEqual(first.epoch_metrics() + second.epoch_metrics(), whole.epoch_metrics())
        expected, found = whole.weights(), second.weights()
        for name in expected:
            numpy.testing.assert_array_equal(expected[name], found[name], name)

    def test_evaluations_see_the_images_as_they_are(self):
        # A rate of nothing leaves the weights as they were drawn, which the images then measure.
        losses = []
        for augment in (ALL, NONE):
            trial = Standalone(TRIAL.format(augment=augment, precision="fp32", ranks=1)
                               .replace("lr: 0.05", "lr: 1.0e-30"))
            self.addCleanup(trial.close)
            run = trial.run()
            losses.append([e["metrics"]["loss"] for e in run.of_type("evaluation")])
        self.assertEqual(*losses)

    def test_the_started_record_describes_the_data(self):
        started = self.trial().run().of_type("started")[0]
        data = started["data"]
        self.assertEqual(data["name"], "glyphs")
        self.assertEqual(len(data["sha256"]), 64)
        c, h, w = data["shape"]
        for split, n in started["items"].items():
            self.assertEqual(data["splits"][split]["n"], n)
            self.assertEqual(sum(data["splits"][split]["class_counts"]), n)
            self.assertEqual(sum(data["splits"][split]["intensity"]), n * c * h * w)


if __name__ == "__main__":
    unittest.main(verbosity=2)
