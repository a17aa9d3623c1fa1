"""Goal: PyTorch users open our checkpoints and our numbers are PyTorch's. Method: a trial on IDX files
written here; model.safetensors is opened with the Python safetensors package, mnist_cnn is rebuilt in
PyTorch, and 100 stored logits of the test split are reproduced to 1e-5; gradients of the first step are
PyTorch's for every kind of layer."""
import os
import shutil
import tempfile
import unittest

import numpy
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from blobs import DATA, as_pixels, make_data
from standalone import Standalone

TRIAL = """
name: interop
""" + DATA + """
model: {model}
training: {{epochs: {epochs}, batch_size: {batch}, optimizer: {{name: sgd, lr: {lr}}}, precision: {precision}}}
searcher: {{name: single, metric: train_loss}}
checkpoint_policy: all
evaluation: {{splits: [test], curves: false}}
"""


class Interop(unittest.TestCase):
    def trial(self, model, **options):
        settings = dict(epochs=2, batch=50, lr=0.05, precision="fp32")
        settings.update(options)
        root = tempfile.mkdtemp(prefix="tutti-interop-")
        self.addCleanup(shutil.rmtree, root)
        train, labels, test = make_data(root, numpy.random.default_rng(7))
        t = Standalone(TRIAL.format(root=root, validation=0, model=model, **settings))
        self.addCleanup(t.close)
        return t, as_pixels(train), torch.from_numpy(labels).long(), as_pixels(test)

    def test_pytorch_reproduces_a_hundred_logits_from_the_checkpoint(self):
        t, _, _, images = self.trial("{preset: mnist_cnn}")
        run = t.run()
        evaluation = run.of_type("evaluation")[0]
        w = load_file(os.path.join(run.directory, "checkpoints", evaluation["checkpoint"],
                                   "model.safetensors"))
        n, classes = evaluation["n"], evaluation["classes"]
        with open(os.path.join(run.directory, "evaluation-test.bin"), "rb") as f:
            raw = f.read()
        items = torch.from_numpy(numpy.frombuffer(raw, numpy.int32, n).copy()).long()
        stored = torch.from_numpy(
            numpy.frombuffer(raw, numpy.float32, n * classes, offset=8 * n).copy()).view(n, classes)
        x = images[items[:100]].float()
        x = F.max_pool2d(F.relu(F.conv2d(x, w["features.0.weight"], w["features.0.bias"])), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, w["features.3.weight"], w["features.3.bias"])), 2)
        x = F.relu(F.linear(x.flatten(1), w["classifier.2.weight"], w["classifier.2.bias"]))
        logits = F.linear(x, w["classifier.4.weight"], w["classifier.4.bias"])
        worst = (logits - stored[:100]).abs().max().item()
        print(f"100 logits reproduced in PyTorch {torch.__version__}: largest difference {worst:.3g}")
        self.assertEqual(logits.shape, (100, 10))
        self.assertLessEqual(worst, 1e-5)

    def check_gradients(self, layers, module, **options):
        """The gradient of the first step against autograd, from the same weights. The step is taken
        by an attempt that resumes after step 0 of a run that was stopped there: a learning rate of 0
        leaves the weights of the first checkpoint what they were."""
        t, images, labels, _ = self.trial("{layers: [" + layers + "]}", epochs=1, batch=500, lr=0,
                                          precision="fp64", **options)
        dump = os.path.join(t.directory, "gradients.safetensors")
        run = t.run("--dump-gradients", dump)
        weights = {k: v for k, v in run.weights().items()}
        gradients = run.gradients(dump)
        module = module.double()
        module.load_state_dict({k: torch.from_numpy(v) for k, v in weights.items()
                                if "running_" not in k and "num_batches" not in k}, strict=False)
        module.train()
        chosen = self.train_items(labels)
        loss = F.cross_entropy(module(images[chosen]), labels[chosen])
        loss.backward()
        first = run.step_losses()[0]
        self.assertLess(abs(first - loss.item()), 1e-9)
        largest = max(p.grad.abs().max().item() for p in module.parameters())
        for name, p in module.named_parameters():
            found = torch.from_numpy(gradients[name])
            self.assertEqual(found.shape, p.grad.shape, name)
            self.assertLessEqual((found - p.grad).abs().max().item(), 1e-9 * largest, name)

    def train_items(self, labels):
        return torch.arange(len(labels))

    def test_gradients_are_autograds_for_every_kind_of_layer(self):
        n = torch.nn
        cases = {
            "conv, stride, odd pool, linear":
                ("{conv: {out: 6, kernel: 3, stride: 2}}, relu, {max_pool: 3}, flatten, "
                 "{linear: classes}",
                 n.Sequential(n.Conv2d(1, 6, 3, 2), n.ReLU(), n.MaxPool2d(3), n.Flatten(),
                              n.Linear(96, 10))),
            "stem with padding, batch norm, groups, gelu":
                ("{conv: {out: 8, kernel: 3, padding: 1}}, batch_norm, gelu, "
                 "{conv: {out: 8, kernel: 3, groups: 4, bias: false}}, silu, {avg_pool: 2}, flatten, "
                 "{linear: classes}",
                 n.Sequential(n.Conv2d(1, 8, 3, padding=1), n.BatchNorm2d(8), n.GELU(),
                              n.Conv2d(8, 8, 3, groups=4, bias=False), n.SiLU(), n.AvgPool2d(2),
                              n.Flatten(), n.Linear(1352, 10))),
            "fused stem with relu and pool, tanh, sigmoid, global average":
                ("{conv: {out: 8, kernel: 5}}, relu, {max_pool: 2}, {conv: {out: 12, kernel: 3}}, tanh, "
                 "{conv: {out: 12, kernel: 3}}, sigmoid, global_average_pool, {linear: classes}",
                 n.Sequential(n.Conv2d(1, 8, 5), n.ReLU(), n.MaxPool2d(2), n.Conv2d(8, 12, 3), n.Tanh(),
                              n.Conv2d(12, 12, 3), n.Sigmoid(), n.Sequential(
                                  n.AdaptiveAvgPool2d(1), n.Flatten()), n.Linear(12, 10))),
            "asymmetric same padding":
                ("{conv: {out: 4, kernel: 5, stride: 2, padding: same}}, relu, flatten, "
                 "{linear: classes}",
                 n.Sequential(n.Sequential(), n.ReLU(), n.Flatten(), n.Linear(784, 10))),
            "perceptron":
                ("flatten, {linear: 32}, relu, {linear: classes}",
                 n.Sequential(n.Flatten(), n.Linear(784, 32), n.ReLU(), n.Linear(32, 10))),
        }
        # Keras's rule: 28 -> 14 with kernel 5, stride 2 needs 3 rows of padding, one above, two below.
        cases["asymmetric same padding"][1][0] = SamePadded()
        for name, (layers, module) in cases.items():
            with self.subTest(name):
                self.check_gradients(layers, module)


class SamePadded(torch.nn.Conv2d):
    def __init__(self):
        super().__init__(1, 4, 5, 2)

    def forward(self, x):
        return super().forward(F.pad(x, (1, 2, 1, 2)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
