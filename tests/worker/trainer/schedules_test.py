"""Goal: the learning rates a run reports, which are those it used, are torch.optim.lr_scheduler's.
Method: runs of 6 epochs of 5 batches with each schedule, beside PyTorch's scheduler on an optimiser of
its own."""
import shutil
import tempfile
import unittest

import numpy
import torch
from torch.optim import lr_scheduler as s

from blobs import DATA, make_data
from standalone import Standalone

TRIAL = "name: schedules\n" + DATA + """
model: {{layers: [flatten, {{linear: classes}}]}}
training:
  epochs: 6
  batch_size: 100
  optimizer: {{name: sgd, lr: {lr}}}
  schedule: {schedule}
  gradient: {{accumulate: {accumulate}}}
searcher: {{name: single, metric: {metric}{direction}}}
evaluation: {{splits: [], curves: false}}
"""
EPOCHS = 6
LR = 0.1


class Schedules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="tutti-schedules-")
        make_data(cls.root, numpy.random.default_rng(3))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def run_ours(self, schedule, accumulate=1, lr=LR, metric="train_loss", direction="", validation=0):
        t = Standalone(TRIAL.format(root=self.root, validation=validation, schedule=schedule,
                                    accumulate=accumulate, lr=lr, metric=metric, direction=direction))
        self.addCleanup(t.close)
        return t.run()

    @staticmethod
    def torch_rates(by_step, by_epoch, steps_per_epoch):
        """Rates of all steps with schedulers made by the two functions (or None) of one optimiser."""
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], LR)
        step = by_step(optimizer) if by_step else None
        epoch = by_epoch(optimizer) if by_epoch else None
        rates = []
        for _ in range(EPOCHS):
            for _ in range(steps_per_epoch):
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                if step:
                    step.step()
            if epoch:
                epoch.step()
        return numpy.array(rates)

    def test_every_schedule_against_pytorch(self):
        total = 5 * EPOCHS
        warm = lambda o: s.LinearLR(o, 0.05, 1.0, 10)
        cases = {
            "{name: constant}": (None, None),
            "{name: step, every: {epochs: 2}, gamma: 0.3}": (None, lambda o: s.StepLR(o, 2, 0.3)),
            "{name: multi_step, milestones: [1, 4], gamma: 0.5}":
                (None, lambda o: s.MultiStepLR(o, [1, 4], 0.5)),
            "{name: exponential, gamma: 0.95}": (None, lambda o: s.ExponentialLR(o, 0.95)),
            "{name: cosine, min_lr: 0.01}": (lambda o: s.CosineAnnealingLR(o, total, 0.01), None),
            "{name: cosine, cycles: 3}": (lambda o: s.CosineAnnealingWarmRestarts(o, total // 3), None),
            "{name: linear, end_factor: 0.2}": (lambda o: s.LinearLR(o, 1.0, 0.2, total), None),
            "{name: one_cycle}": (lambda o: s.OneCycleLR(o, LR, total, cycle_momentum=False), None),
            "{name: one_cycle, start_fraction: 0.5, div_factor: 10, final_div_factor: 100}":
                (lambda o: s.OneCycleLR(o, LR, total, pct_start=0.5, div_factor=10,
                                        final_div_factor=100, cycle_momentum=False), None),
            "{name: constant, warmup: {epochs: 2, factor: 0.05}}": (warm, None),
            "{name: exponential, gamma: 0.8, warmup: {epochs: 2, factor: 0.05}}":
                (warm, lambda o: s.ExponentialLR(o, 0.8)),
            "{name: cosine, warmup: {epochs: 2, factor: 0.05}}":
                (lambda o: s.SequentialLR(o, [warm(o), s.CosineAnnealingLR(o, total - 10)], [10]), None),
            "{name: linear, end_factor: 0.5, warmup: {epochs: 2, factor: 0.05}}":
                (lambda o: s.SequentialLR(o, [warm(o), s.LinearLR(o, 1.0, 0.5, total - 10)], [10]), None),
        }
        for schedule, (by_step, by_epoch) in cases.items():
            with self.subTest(schedule):
                run = self.run_ours(schedule)
                rates = run.step_rates()
                numpy.testing.assert_allclose(rates, self.torch_rates(by_step, by_epoch, 5),
                                              rtol=1e-9, atol=1e-15)
                self.assertEqual([e["lr"] for e in run.of_type("epoch")], list(rates[4::5]))

    def test_with_accumulation_the_steps_are_the_optimisers(self):
        # Five batches make groups of two, two and one.
        rates = self.run_ours("{name: cosine}", accumulate=2).step_rates()
        expected = self.torch_rates(lambda o: s.CosineAnnealingLR(o, 3 * EPOCHS), None, 3)
        by_batch = [expected[3 * epoch + batch // 2] for epoch in range(EPOCHS) for batch in range(5)]
        numpy.testing.assert_allclose(rates, by_batch, rtol=1e-9, atol=1e-15)

    def test_plateau_follows_the_searchers_metric(self):
        # A rate so low that the loss creeps and the accuracy stands still.
        for metric, direction, mode in (("validation_loss", "", "min"),
                                        ("validation_accuracy", ", smaller_is_better: false", "max")):
            with self.subTest(metric):
                run = self.run_ours("{name: plateau, factor: 0.5, patience: 1, min_delta: 0.02, "
                                    "min_lr: 0.00004}", lr=1e-4, metric=metric, direction=direction,
                                    validation=0.1)
                optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1e-4)
                scheduler = s.ReduceLROnPlateau(optimizer, mode, 0.5, 1, 0.02, min_lr=0.00004)
                expected = []
                for _, _, metrics in run.epoch_metrics():
                    expected.append(optimizer.param_groups[0]["lr"])
                    scheduler.step(metrics["validation"][metric.split("_")[1]])
                found = [e["lr"] for e in run.of_type("epoch")]
                numpy.testing.assert_allclose(found, expected, rtol=1e-12)
                self.assertLess(found[-1], found[0], "the rate must have been reduced")


if __name__ == "__main__":
    unittest.main(verbosity=2)
