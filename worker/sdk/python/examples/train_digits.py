"""Trains a small network with PyTorch as a trial of Tutti: experiments/entrypoint_pytorch.yaml.

Digits from MNIST's four idx files, if their folder is given (--mnist DIR, gzipped or not), else
drawn ones: a tiny font, shifted and noisy. Without Tutti it runs by itself:

    TUTTI_HPARAMS='{"lr": 0.003}' TUTTI_MAX_TIME=3 python3 train_digits.py
"""

import argparse
import gzip
import os
import sys

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tutti  # noqa: E402

# Rows of three bits, top to bottom, of 0 … 9.
FONT_ROWS = (
    (7, 5, 5, 5, 7), (2, 6, 2, 2, 7), (7, 1, 7, 4, 7), (7, 1, 7, 1, 7), (5, 5, 7, 1, 1),
    (7, 4, 7, 1, 7), (7, 4, 7, 5, 7), (7, 1, 1, 2, 2), (7, 5, 7, 5, 7), (7, 5, 7, 1, 7),
)


def drawn_digits(count, seed):
    """count x 1 x 12 x 12 in 0 … 1, and labels."""
    random = torch.Generator().manual_seed(seed)
    glyphs = torch.zeros(10, 10, 6)
    for digit, rows in enumerate(FONT_ROWS):
        for y, bits in enumerate(rows):
            for x in range(3):
                if bits >> (2 - x) & 1:
                    glyphs[digit, 2 * y:2 * y + 2, 2 * x:2 * x + 2] = 1
    labels = torch.randint(10, (count,), generator=random)
    images = torch.randn(count, 1, 12, 12, generator=random) * 0.6
    left = torch.randint(7, (count,), generator=random)
    top = torch.randint(3, (count,), generator=random)
    for i in range(count):
        images[i, 0, top[i]:top[i] + 10, left[i]:left[i] + 6] += glyphs[labels[i]]
    return images, labels


def idx(folder, name):
    path = os.path.join(folder, name)
    opener = open
    if not os.path.exists(path):
        path, opener = path + ".gz", gzip.open
    with opener(path, "rb") as file:
        data = bytearray(file.read())
    dimensions = data[3]
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(dimensions)]
    return torch.frombuffer(data, dtype=torch.uint8, offset=4 + 4 * dimensions).reshape(shape)


def mnist(folder, train_items):
    """Training and validation digits; the last 2,000 of the training files are for validation."""
    images = idx(folder, "train-images-idx3-ubyte")[:, None].float() / 255
    labels = idx(folder, "train-labels-idx1-ubyte").long()
    return (images[:train_items], labels[:train_items]), (images[-2000:], labels[-2000:])


def make_network(width, dropout, size):
    return nn.Sequential(
        nn.Conv2d(1, width, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(dropout),
        nn.Linear(width * ((size - 2) // 2) ** 2, 10),
    )


def accuracy(network, images, labels):
    network.eval()
    with torch.no_grad():
        return (network(images).argmax(1) == labels).float().mean().item()


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--mnist", help="folder of MNIST's idx files")
    flags.add_argument("--items", type=int, default=2000, help="training items")
    flags = flags.parse_args()

    trial = tutti.trial()
    width = trial.hparams.get("width", 32)
    if width < 1:
        raise tutti.InvalidHparams("a network of width %d" % width)
    torch.manual_seed(trial.seed)
    torch.set_num_threads(trial.threads)

    if flags.mnist:
        train, validation = mnist(flags.mnist, flags.items)
    else:
        train, validation = drawn_digits(flags.items, 1), drawn_digits(1000, 2)
    network = make_network(width, trial.hparams.get("dropout", 0.0), train[0].shape[-1])
    optimizer = torch.optim.Adam(network.parameters(), lr=trial.hparams["lr"])
    if trial.checkpoint:
        state = torch.load(os.path.join(trial.checkpoint, "state.pt"))
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        print("resumed after epoch", trial.start_epoch, flush=True)

    for epoch in trial.epochs():
        # Of the seed and the epoch, so that a resumed trial goes on as it would have.
        order = torch.randperm(
            len(train[0]), generator=torch.Generator().manual_seed(trial.seed + epoch))
        network.train()
        total = 0.0
        for items in order.split(64):
            loss = nn.functional.cross_entropy(network(train[0][items]), train[1][items])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(items)
        trial.report(epoch=epoch, train_loss=total / len(order),
                     validation_accuracy=accuracy(network, *validation))
        print("epoch %d: loss %.4f" % (epoch, total / len(order)), flush=True)
        with trial.save() as directory:
            torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict()},
                       os.path.join(directory, "state.pt"))
    print("ended:", trial.stop_reason, flush=True)


if __name__ == "__main__":
    main()
