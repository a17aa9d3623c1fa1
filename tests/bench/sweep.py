#!/usr/bin/env python3
"""A sweep of 8 one-epoch trials of 6,000 images, each tested on the 10,000: `tutti run` from start to
leaderboard, against the pool that a PyTorch user writes by hand and against Ray Tune.
Usage: TUTTI_PEER_PYTHON=… sweep.py [ROUNDS]"""
import os
import shutil
import statistics
import sys
import tempfile

from measure import BIN, DATA, interleaved, peer, require_peers, run, spread, verdict

# As the peers: 6,000 training images, batch 128, learning rates from 1e-4 to 1e-2, the metric is the
# accuracy on the test set. Ours also keeps predictions, curves and a checkpoint of every trial.
SWEEP = """
name: sweep
data: {{dataset: mnist, root: {data}, subset: 6600, splits: {{validation: 0.0909}}}}
model: {{preset: mnist_cnn}}
training: {{epochs: 1, batch_size: 128, precision: {precision}, optimizer: {{name: adam, lr: 1e-3}}}}
hyperparameters:
  learning_rate: {{type: log, minval: -4, maxval: -2}}
searcher: {{name: random, max_trials: 8, metric: validation_accuracy, smaller_is_better: false}}
evaluation: {{splits: [test]}}
"""


def ours(precision):
    state = tempfile.mkdtemp(prefix="tutti-bench-")
    path = os.path.join(state, "sweep.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(SWEEP.format(data=DATA, precision=precision))
    seconds, _ = run([os.path.join(BIN, "tutti"), "--state", os.path.join(state, "s"), "run", path])
    shutil.rmtree(state)
    return seconds


def main():
    require_peers("torch", "ray")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    figures = interleaved(rounds,
                          tutti_fp32=lambda: ours("fp32"),
                          by_hand=lambda: peer("plain_sweep.py", 8, 6000, "tensor", "procs")[0],
                          tutti_auto=lambda: ours("auto"),
                          ray=lambda: peer("ray_sweep.py", 8, 6000, "tensor")[0])
    for name, values in figures.items():
        print(f"{name:11} whole process s {spread(values)}")
    median = {name: statistics.median(values) for name, values in figures.items()}
    verdict("fp32 / pool by hand", median["tutti_fp32"] / median["by_hand"], 0.7, at_least=False)
    verdict("auto / Ray Tune", median["tutti_auto"] / median["ray"], 0.25, at_least=False)


if __name__ == "__main__":
    main()
