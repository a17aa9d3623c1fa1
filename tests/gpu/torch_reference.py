"""The same training step in PyTorch, as fast as it goes without writing kernels: images resident on
the device as bytes, batches by index_select, channels-last, fused Adam, bf16 by autocast; eager, or
captured as a CUDA graph, or through torch.compile.

usage: torch_reference.py --model mnist_cnn|two_block_cnn --width W --hidden H --batch B
                          --precision fp32|bf16 --mode eager|graph|compile --device cuda|cpu
Prints one number: images a second."""
import argparse
import time

import torch
from torch import nn
from torch.nn import functional as F


def make_model(name, width, hidden, classes):
    """The presets of experiments/models/presets for 28 x 28 images."""
    def conv(inputs, outputs, padding):
        return [nn.Conv2d(inputs, outputs, 3, padding=padding), nn.ReLU()]

    if name == "mnist_cnn":
        return nn.Sequential(*conv(1, width, 0), nn.MaxPool2d(2), *conv(width, 2 * width, 0),
                             nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.5),
                             nn.Linear(2 * width * 25, hidden), nn.ReLU(),
                             nn.Linear(hidden, classes))
    return nn.Sequential(*conv(1, width, 1), *conv(width, width, 1), nn.MaxPool2d(2),
                         *conv(width, 2 * width, 1), *conv(2 * width, 2 * width, 1),
                         nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2 * width * 49, hidden),
                         nn.ReLU(), nn.Dropout(0.5), nn.Linear(hidden, classes))


class Training:
    def __init__(self, args):
        self.device = torch.device(args.device)
        self.bf16 = args.precision == "bf16"
        self.batch = args.batch
        torch.manual_seed(1)
        self.images = torch.randint(0, 256, (args.images, 1, 28, 28), dtype=torch.uint8,
                                    device=self.device)
        self.labels = torch.randint(0, args.classes, (args.images,), device=self.device)
        self.model = make_model(args.model, args.width, args.hidden, args.classes)
        self.model = self.model.to(self.device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, fused=True,
                                          capturable=args.mode == "graph")
        self.forward = torch.compile(self.model) if args.mode == "compile" else self.model
        self.chosen = torch.zeros(args.batch, dtype=torch.int64, device=self.device)

    def step(self):
        """One optimiser step on the items of self.chosen."""
        x = self.images.index_select(0, self.chosen).to(torch.float32).mul_(1 / 255)
        x = x.contiguous(memory_format=torch.channels_last)
        y = self.labels.index_select(0, self.chosen)
        self.optimizer.zero_grad(set_to_none=True)
        # The cache of bf16 weights must not outlive a captured step.
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16,
                            cache_enabled=False):
            loss = F.cross_entropy(self.forward(x), y)
        loss.backward()
        self.optimizer.step()
        return loss

    def capture(self):
        """A function that replays the step (PyTorch's notes on CUDA graphs: warm up on a side
        stream, capture, replay)."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            self.step()
        return graph.replay

    def epoch(self, run_step):
        """(images, seconds) of one pass in a new random order."""
        order = torch.randperm(self.images.size(0), device=self.device)
        steps = self.images.size(0) // self.batch
        self.synchronize()
        started = time.perf_counter()
        for i in range(steps):
            self.chosen.copy_(order[i * self.batch:(i + 1) * self.batch])
            run_step()
        self.synchronize()
        return steps * self.batch, time.perf_counter() - started

    def synchronize(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--model", choices=["mnist_cnn", "two_block_cnn"], required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--hidden", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--precision", choices=["fp32", "bf16"], required=True)
    parser.add_argument("--mode", choices=["eager", "graph", "compile"], required=True)
    parser.add_argument("--device", choices=["cuda", "cpu"], required=True)
    parser.add_argument("--images", type=int, default=36000)
    parser.add_argument("--classes", type=int, default=36)
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    training = Training(args)
    run_step = training.capture() if args.mode == "graph" else training.step
    # The last epoch counts: by then caches are warm and algorithms chosen, as in Tutti's figure.
    for _ in range(args.epochs):
        images, seconds = training.epoch(run_step)
    print(f"{images / seconds:.1f}")


if __name__ == "__main__":
    main()
