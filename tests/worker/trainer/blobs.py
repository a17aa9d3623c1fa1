"""A small data set in IDX files that a network learns something from, also as PyTorch's tensors."""
import os
import struct

import numpy
import torch

DATA = """
data:
  dataset: idx
  root: {root}
  options: {{train_images: train-x, train_labels: train-y, test_images: test-x, test_labels: test-y}}
  splits: {{validation: {validation}}}
"""


def write_idx(path, array):
    with open(path, "wb") as f:
        f.write(struct.pack(">BBBB", 0, 0, 8, array.ndim))
        f.write(struct.pack(">" + "I" * array.ndim, *array.shape))
        f.write(array.astype(numpy.uint8).tobytes())


def make_data(root, rng):
    """Blobs whose place depends on the class: 500 to train, 120 to test. Returns the training images
    and labels and the test images."""
    for name, n in (("train", 500), ("test", 120)):
        labels = numpy.arange(n) % 10
        images = rng.integers(0, 60, (n, 28, 28))
        for i, label in enumerate(labels):
            row, column = 2 + 12 * (label // 5), 1 + 5 * (label % 5)
            images[i, row:row + 9, column:column + 6] += 150
        write_idx(os.path.join(root, name + "-x"), images)
        write_idx(os.path.join(root, name + "-y"), labels)
        if name == "train":
            train, train_labels = images, labels
    return train, train_labels, images


def as_pixels(images):
    return torch.from_numpy(images.astype(numpy.uint8)).double().div(255).unsqueeze(1)
