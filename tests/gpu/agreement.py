"""CPU against GPU: the same trials, step by step.

The weights, the order of the items and the dropout masks are functions of the seed alone, so two
devices differ by the rounding of sums in another order and by nothing else. fp64 therefore shows
mistakes (its bounds are far below any effect of one), fp32 what users run; bf16 rounds every
activation, and its bounds only catch what is grossly wrong. TF32 is off (trainer.py)."""
import dataclasses
import json
import math
import struct

import torch

from trainer import Run, trial


# What a device may differ by. gradients: of the first step, max over tensors of max|difference| /
# max|gradient|, the divisor not below a thousandth of the largest gradient. losses: max over steps
# of |difference| / max(1, loss). evaluation: the same for the losses of the splits; accuracy: share
# of items that may fall on another side.
@dataclasses.dataclass(frozen=True)
class Bounds:
    gradients: float
    losses: float
    evaluation: float
    accuracy: float


BOUNDS = {
    "fp64": Bounds(1e-11, 1e-9, 1e-6, 0.0),
    "fp32": Bounds(5e-5, 2e-3, 1e-2, 0.02),
    "bf16": Bounds(0.3, 0.2, 0.2, 0.1),
}

# No biases in front of batch norms: their gradients are nothing but rounding.
RESIDUAL = {"layers": [
    {"conv": {"out": 16, "kernel": 3, "padding": "same", "bias": False}}, "batch_norm", "relu",
    {"max_pool": 2},
    {"residual": {"layers": [
        {"conv": {"out": 32, "kernel": 3, "stride": 2, "padding": "same", "bias": False}},
        "batch_norm", "silu",
        {"conv": {"out": 32, "kernel": 3, "padding": "same", "bias": False}}, "batch_norm",
        {"squeeze_excite": {"ratio": 4}}]}},
    "relu", {"avg_pool": 2}, "global_average_pool", "flatten", {"dropout": 0.2},
    {"linear": "classes"}]}

# Every rule that has code of its own for an accelerator.
RULES = {"training.gradient": {"clip_norm": 0.5, "accumulate": 3}, "training.ema": {"decay": 0.9},
         "training.freeze": ["0.*", "1.*"], "training.loss.label_smoothing": 0.1}

# name, model, precision, other changes of the template. 1,600 training items in batches of 32: 50
# steps, in which the loss of mnist_cnn falls from 2.3 to 1.0. Measured on a CPU: a learning rate
# that is wrong by 1 % moves it by 0.05, computing in fp32 instead of fp64 by 1e-6.
CASES = (
    ("mnist_cnn fp64", {"preset": "mnist_cnn", "dropout": 0.0}, "fp64", {}),
    ("mnist_cnn fp32", {"preset": "mnist_cnn", "dropout": 0.0}, "fp32", {}),
    ("mnist_cnn dropout fp64", {"preset": "mnist_cnn", "dropout": 0.5}, "fp64", {}),
    ("two_block_cnn fp64", {"preset": "two_block_cnn", "dropout": 0.5}, "fp64", {}),
    ("residual fp64", RESIDUAL, "fp64", {}),
    ("residual with rules fp64", RESIDUAL, "fp64", RULES),
    ("residual fp32", RESIDUAL, "fp32", {}),
    ("mnist_cnn bf16", {"preset": "mnist_cnn", "dropout": 0.0}, "bf16", {}),
)
STEPS = 50
TYPES = {"F64": torch.float64, "F32": torch.float32, "BF16": torch.bfloat16}


def read_gradients(path):
    """name -> tensor in double (safetensors: length, JSON header, data)."""
    with open(path, "rb") as f:
        data = f.read()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]])
        tensors[name] = flat.double()
    return tensors


def largest(values):
    """Their maximum; infinity if one is not a number, which max() may drop."""
    values = list(values)
    return math.inf if any(math.isnan(v) for v in values) else max(values)


def gradient_difference(a, b):
    mine, other = read_gradients(a.gradient_file), read_gradients(b.gradient_file)
    if set(mine) != set(other) or not mine:
        return math.inf
    ratios = []
    floor = 1e-3 * max(tensor.abs().max().item() for tensor in mine.values())
    for name, tensor in mine.items():
        scale = max(tensor.abs().max().item(), floor)
        difference = (tensor - other[name]).abs().max().item()
        ratios.append(difference / scale if scale > 0 else math.inf)
    return largest(ratios)


def loss_difference(a, b):
    mine, other = a.losses(), b.losses()
    if set(mine) != set(other) or len(mine) != STEPS:
        return math.inf
    return largest(abs(mine[s] - other[s]) / max(1.0, abs(mine[s])) for s in mine)


def evaluation_differences(a, b):
    """(of the loss, of the accuracy): the largest over splits."""
    mine, other = a.evaluations(), b.evaluations()
    if set(mine) != set(other) or set(mine) != {"validation", "test"}:
        return math.inf, math.inf
    loss = largest(abs(mine[s]["loss"] - other[s]["loss"]) / max(1.0, mine[s]["loss"])
                   for s in mine)
    return loss, largest(abs(mine[s]["accuracy"] - other[s]["accuracy"]) for s in mine)


def compare(program, folder, device, threads):
    """Prints one line a case; returns whether all agree. On a machine without a GPU `device` is
    "cpu": then the second run has another number of threads."""
    print(f"agreement of cpu and {device}: largest differences, with their bounds")
    agrees = True
    for name, model, precision, changes in CASES:
        document = trial({"model": model, "training.precision": precision, **changes})
        label = name.replace(" ", "-")
        cpu = Run(program, folder, label + "-cpu", document, "cpu", threads, tf32=False,
                  gradients=True)
        other = Run(program, folder, f"{label}-{device}-second", document, device,
                    threads if device != "cpu" else 1, tf32=False, gradients=True)
        bounds = BOUNDS[precision]
        loss, accuracy = evaluation_differences(cpu, other)
        figures = (("gradients", gradient_difference(cpu, other), bounds.gradients),
                   ("losses", loss_difference(cpu, other), bounds.losses),
                   ("evaluation", loss, bounds.evaluation),
                   ("accuracy", accuracy, bounds.accuracy))
        good = all(value <= bound for _, value, bound in figures)
        agrees = agrees and good
        text = "  ".join(f"{what} {value:.1e} (<= {bound:.0e})" for what, value, bound in figures)
        print(f"  {'ok      ' if good else 'DISAGREE'} {name:24} {text}", flush=True)
    return agrees
