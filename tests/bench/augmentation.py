#!/usr/bin/env python3
"""Images/s of augmentation (rotation, shift and zoom of MNIST's images) against what a script does
with Pillow and NumPy image by image, and what it costs mnist_cnn's training.
Usage: TUTTI_PEER_PYTHON=… augmentation.py [ROUNDS]     (that Python needs numpy and Pillow)"""
import json
import os
import subprocess
import statistics
import sys
import tempfile

from measure import BIN, DATA, PYTHON, ROOT, interleaved, run, spread, verdict

AUGMENT = ["--set", "data.augment.rotate=10", "--set", "data.augment.shift=0.1",
           "--set", "data.augment.zoom=0.1"]
# One image at a time, in the order of a shuffled epoch: what torchvision's RandomAffine does with
# PIL images, and the conversion to a batch of floats behind it.
PEER = r"""
import gzip, math, os, random, sys, time
import numpy
from PIL import Image
with gzip.open(os.path.join(sys.argv[1], "train-images-idx3-ubyte.gz")) as f:
    images = numpy.frombuffer(f.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
random.seed(1)
count, batch = int(sys.argv[2]), 128
order = [random.randrange(len(images)) for _ in range(count)]
started = time.monotonic()
for begin in range(0, count, batch):
    made = []
    for i in order[begin:begin + batch]:
        angle = math.radians(random.uniform(-10, 10))
        scale = random.uniform(0.9, 1.1)
        dx, dy = random.uniform(-2.8, 2.8), random.uniform(-2.8, 2.8)
        c, s = math.cos(angle) / scale, math.sin(angle) / scale
        x, y = 14 + dx, 14 + dy
        matrix = (c, s, 14 - c * x - s * y, -s, c, 14 + s * x - c * y)
        picture = Image.fromarray(images[i])
        moved = picture.transform((28, 28), Image.AFFINE, matrix, resample=Image.BILINEAR)
        made.append(numpy.asarray(moved, dtype=numpy.float32) / 255)
    numpy.stack(made)
print(count / (time.monotonic() - started))
"""


def trial(directory, *settings):
    """The file of a canonical trial of mnist_cnn."""
    path = os.path.join(directory, f"trial{len(os.listdir(directory))}.json")
    _, text = run([os.path.join(BIN, "tutti"), "validate", "-o", "json",
                   os.path.join(ROOT, "experiments", "mnist_cnn.yaml"),
                   "--set", f"data.root={DATA}", "--set", "training.epochs=1",
                   "--set", "evaluation.curves=false", *settings])
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def pipeline(config, threads):
    _, text = run([os.path.join(BIN, "tutti-bench-augmentation"), config, "--images", "200000",
                   "--threads", str(threads)])
    return json.loads(text)["images_per_second"]


def pillow():
    done = subprocess.run([PYTHON, "-c", PEER, os.path.join(DATA, "mnist"), "20000"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the Pillow pipeline failed; it needs numpy and Pillow in {PYTHON} "
                 f"and MNIST in {DATA} (TUTTI_DATA):\n{done.stderr}")
    return float(done.stdout)


def training(config, threads):
    out = tempfile.mkdtemp(prefix="tutti-bench-")
    run([os.path.join(BIN, "tutti-trainer"), "--standalone", "--config", config, "--out", out,
         "--threads", str(threads), "--seed", "1"], env={"GOMP_SPINCOUNT": "3000"})
    with open(os.path.join(out, "records.jsonl"), encoding="utf-8") as f:
        epochs = [r for r in map(json.loads, f) if r.get("type") == "epoch"]
    return epochs[-1]["images_per_second"]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    directory = tempfile.mkdtemp(prefix="tutti-bench-")
    changed = {p: trial(directory, "--set", f"training.precision={p}", *AUGMENT)
               for p in ("fp32", "auto")}
    plain = {p: trial(directory, "--set", f"training.precision={p}") for p in ("fp32", "auto")}
    figures = interleaved(
        rounds, pillow=pillow, tutti_1_thread=lambda: pipeline(changed["fp32"], 1),
        train_fp32_plain=lambda: training(plain["fp32"], 2),
        train_fp32_augmented=lambda: training(changed["fp32"], 2),
        train_auto_plain=lambda: training(plain["auto"], 2),
        train_auto_augmented=lambda: training(changed["auto"], 2))
    for name, values in figures.items():
        print(f"{name:20} images/s {spread(values)}")
    median = {name: statistics.median(values) for name, values in figures.items()}
    verdict("whole batches, 1 thread / Pillow image by image",
            median["tutti_1_thread"] / median["pillow"], 10)
    for p in ("fp32", "auto"):
        verdict(f"mnist_cnn {p}, augmented / plain",
                median[f"train_{p}_augmented"] / median[f"train_{p}_plain"], 0.85)


if __name__ == "__main__":
    main()
