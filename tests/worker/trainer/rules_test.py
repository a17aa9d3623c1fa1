"""Goal: what an optimiser step does is PyTorch's: optimisers, label smoothing, clipping, accumulation,
averaged and frozen weights. Method: 20 steps in fp64 in which every optimiser step sees all 500 images,
so that their order does not matter, against the same steps in PyTorch from the same weights."""
import shutil
import tempfile
import unittest

import numpy
import torch
import torch.nn.functional as F

from blobs import DATA, as_pixels, make_data
from standalone import Standalone

TRIAL = "name: rules\n" + DATA + """
model: {{layers: [{layers}]}}
training: {{epochs: {epochs}, batch_size: {batch}, precision: fp64, optimizer: {optimizer}{more}}}
searcher: {{name: single, metric: train_loss}}
evaluation: {{splits: [], curves: false}}
"""
STEPS = 20
PERCEPTRON = "flatten, {linear: 12}, tanh, {linear: classes}"
CONVOLUTION = ("{conv: {out: 4, kernel: 5, stride: 3}}, batch_norm, relu, "
               "{conv: {out: 6, kernel: 3}}, batch_norm, relu, flatten, {linear: classes}")


def perceptron():
    n = torch.nn
    return n.Sequential(n.Flatten(), n.Linear(784, 12), n.Tanh(), n.Linear(12, 10)).double()


def convolution():
    n = torch.nn
    return n.Sequential(n.Conv2d(1, 4, 5, 3), n.BatchNorm2d(4), n.ReLU(), n.Conv2d(4, 6, 3),
                        n.BatchNorm2d(6), n.ReLU(), n.Flatten(), n.Linear(216, 10)).double()


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="tutti-rules-")
        images, labels, _ = make_data(cls.root, numpy.random.default_rng(3))
        cls.images, cls.labels = as_pixels(images), torch.from_numpy(labels).long()
        cls.starts = {}  # first weights by layers

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def trial(self, optimizer, more="", batch=500, layers=PERCEPTRON, epochs=STEPS):
        t = Standalone(TRIAL.format(root=self.root, validation=0, layers=layers, epochs=epochs,
                                    batch=batch, optimizer=optimizer, more=more))
        self.addCleanup(t.close)
        return t

    def start(self, module, layers=PERCEPTRON):
        """The module with the weights every trial here starts from."""
        if layers not in self.starts:
            still = self.trial("{name: sgd, lr: 0}", layers=layers, epochs=1)
            self.starts[layers] = still.run().weights()
        module.load_state_dict({k: torch.from_numpy(v) for k, v in self.starts[layers].items()
                                if "running_" not in k and "num_batches" not in k}, strict=False)
        return module.train()

    def step(self, module, optimizer, smoothing=0.0, clip=None):
        optimizer.zero_grad()
        loss = F.cross_entropy(module(self.images), self.labels, label_smoothing=smoothing)
        loss.backward()
        norm = None
        if clip is not None:
            norm = torch.nn.utils.clip_grad_norm_(
                [p for p in module.parameters() if p.requires_grad], clip).item()
        optimizer.step()
        return loss.item(), norm

    def assert_same(self, found, module, limit=1e-9):
        expected = module.state_dict()
        self.assertEqual(set(found), set(expected))
        for name, value in expected.items():
            value = value.numpy()
            scale = max(numpy.abs(value).max(), 1e-3)
            self.assertLessEqual(numpy.abs(found[name] - value).max(), limit * scale, name)

    def compare(self, ours, make, more="", batch=500, **step):
        module = self.start(perceptron())
        optimizer = make(module.parameters())
        results = [self.step(module, optimizer, **step) for _ in range(STEPS)]
        run = self.trial(ours, more, batch).run()
        losses = numpy.array([m["train"]["loss"] for _, _, m in run.epoch_metrics()])
        numpy.testing.assert_allclose(losses, [loss for loss, _ in results], rtol=1e-9)
        self.assertLess(losses[-1], 0.98 * losses[0], "it must learn something")
        self.assert_same(run.weights(), module)
        return results

    def test_optimisers(self):
        o = torch.optim
        cases = {
            "{name: sgd, lr: 0.1}": lambda p: o.SGD(p, 0.1),
            "{name: sgd, lr: 0.1, weight_decay: 0.05}": lambda p: o.SGD(p, 0.1, weight_decay=0.05),
            "{name: sgd, lr: 0.05, momentum: 0.9}": lambda p: o.SGD(p, 0.05, momentum=0.9),
            "{name: sgd, lr: 0.05, momentum: 0.9, nesterov: true, weight_decay: 0.01}":
                lambda p: o.SGD(p, 0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
            "{name: adam, lr: 0.01}": lambda p: o.Adam(p, 0.01),
            "{name: adam, lr: 0.01, betas: [0.8, 0.9], eps: 0.001, weight_decay: 0.02}":
                lambda p: o.Adam(p, 0.01, (0.8, 0.9), 1e-3, 0.02),
            "{name: adamw, lr: 0.01, weight_decay: 0.1}": lambda p: o.AdamW(p, 0.01, weight_decay=0.1),
        }
        for ours, theirs in cases.items():
            with self.subTest(ours):
                self.compare(ours, theirs)

    def test_label_smoothing(self):
        self.compare("{name: sgd, lr: 0.1}", lambda p: torch.optim.SGD(p, 0.1),
                     ", loss: {label_smoothing: 0.2}", smoothing=0.2)

    def test_clipping_by_the_norm_of_all_gradients(self):
        results = self.compare("{name: sgd, lr: 0.3, momentum: 0.5}",
                               lambda p: torch.optim.SGD(p, 0.3, momentum=0.5),
                               ", gradient: {clip_norm: 0.5}", clip=0.5)
        norms = [norm for _, norm in results]
        self.assertTrue(min(norms) < 0.5 < max(norms), f"both sides of the limit: {norms}")

    def test_accumulated_batches_are_one_large_batch(self):
        # 500 images: four equal batches, and 150 + 150 + 150 + 50.
        for batch in (125, 150):
            with self.subTest(batch=batch):
                self.compare("{name: adam, lr: 0.01}", lambda p: torch.optim.Adam(p, 0.01),
                             ", gradient: {accumulate: 4, clip_norm: 0.5}", batch=batch, clip=0.5)

    def test_averaged_weights_and_batch_norm_statistics(self):
        run = self.trial("{name: sgd, lr: 0.1}", ", ema: {decay: 0.6}", layers=CONVOLUTION).run()
        module = self.start(convolution(), CONVOLUTION)
        optimizer = torch.optim.SGD(module.parameters(), 0.1)
        average = {k: v.clone() for k, v in module.state_dict().items()}
        for n in range(1, STEPS + 1):
            self.step(module, optimizer)
            decay = min(0.6, (1 + n) / (10 + n))
            for name, value in module.state_dict().items():
                if value.dtype == torch.float64:
                    average[name].mul_(decay).add_(value, alpha=1 - decay)
                else:
                    average[name].copy_(value)
        self.assert_same(run.weights(file="trained"), module)
        averaged = convolution()
        averaged.load_state_dict(average)
        self.assert_same(run.weights(), averaged)
        self.assertGreater(numpy.abs(run.weights()["7.weight"] -
                                     run.weights(file="trained")["7.weight"]).max(), 1e-4)

    def check_frozen(self, patterns, frozen, statistics):
        run = self.trial("{name: sgd, lr: 0.1, momentum: 0.9, weight_decay: 0.1}",
                         f", freeze: {patterns}, gradient: {{clip_norm: 0.2}}", layers=CONVOLUTION).run()
        module = self.start(convolution(), CONVOLUTION)
        for name, p in module.named_parameters():
            p.requires_grad = name not in frozen
        for index in statistics:
            module[index].eval()
        optimizer = torch.optim.SGD([p for p in module.parameters() if p.requires_grad], 0.1,
                                    momentum=0.9, weight_decay=0.1)
        for _ in range(STEPS):
            self.step(module, optimizer, clip=0.2)
        self.assert_same(run.weights(), module)

    def test_frozen_weights_keep_their_values_and_statistics(self):
        lower = {"0.weight", "0.bias", "1.weight", "1.bias"}
        self.check_frozen("['0.*', '1.*']", lower, [1])
        self.check_frozen("['3.*', '4.*']", {"3.weight", "3.bias", "4.weight", "4.bias"}, [4])
        # Half a batch norm is trained, so it follows its batches.
        self.check_frozen("['?.bias']", {"0.bias", "1.bias", "3.bias", "4.bias", "7.bias"}, [])

    def test_freezing_nothing_or_everything_is_the_users_error(self):
        for pattern, text in (("features.*", "matches no weight of this model"),
                              ("*", "nothing is left to train")):
            t = self.trial("{name: sgd, lr: 0.1}")
            t.set("training.freeze", [pattern])
            run = t.run(check=False)
            self.assertEqual((run.done()["outcome"], run.done()["class"]), ("error", "USER"))
            self.assertIn(text, run.done()["message"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
