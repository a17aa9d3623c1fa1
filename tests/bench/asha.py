#!/usr/bin/env python3
"""Early stopping pays: ASHA over 32 learning rates, at most 4 epochs of 6,000 MNIST images each,
against random search with the same budget of epochs, and against Ray Tune's ASHA, in turn.
Usage: TUTTI_PEER_PYTHON=… asha.py [ROUNDS [TRIALS [PRECISION]]]   (3, 32, fp32)"""
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile

from measure import BIN, DATA, number, peer, require_peers, run, spread, verdict

# As the peer: the network of seed 002, Adam, batch 128, 6,000 images to train and 2,000 to validate
# after each epoch, learning rates from 1e-5 to 1e-1, one thread a trial and two at once. The peer
# validates on the first 2,000 images of the test set, we on 2,000 of the training set that nobody
# trains on, so the accuracies of the two differ by that as well; those of our two searches do not.
# Ours also keeps the best checkpoint of every trial.
EXPERIMENT = """
name: {name}
data: {{dataset: mnist, root: {data}, subset: 8000, splits: {{validation: 0.25}}}}
model: {{preset: mnist_cnn}}
training: {{batch_size: 128, precision: {precision}, optimizer: {{name: adam, lr: 1e-3}}}}
hyperparameters:
  learning_rate: {{type: log, minval: -5, maxval: -1}}
searcher: {{{searcher}, max_trials: {trials}, max_time: 4, metric: validation_accuracy,
           smaller_is_better: false}}
evaluation: {{splits: []}}
reproducibility: {{experiment_seed: {seed}}}
"""
ASHA = "name: async_halving, num_rungs: 3, divisor: 2, max_concurrent_trials: 4"


def ours(name, searcher, trials, seed, precision):
    """(seconds from start to end, best accuracy, epochs trained) of one `tutti run`."""
    folder = tempfile.mkdtemp(prefix="tutti-bench-")
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(EXPERIMENT.format(name=name, data=DATA, precision=precision, searcher=searcher,
                                  trials=trials, seed=seed))
    state = os.path.join(folder, "s")
    seconds, _ = run([os.path.join(BIN, "tutti"), "--state", state, "run", path])
    with sqlite3.connect(f"file:{state}/tutti.db?mode=ro", uri=True) as db:
        best, epochs = db.execute("SELECT max(value), count(*) FROM v_epochs "
                                  "WHERE split = 'validation' AND name = 'accuracy'").fetchone()
    shutil.rmtree(folder)
    return seconds, best, epochs


def ray(trials, seed):
    seconds, output = peer("ray_asha.py", trials, seed, "asha")
    return seconds, number(r"best ([0-9.]+)", output), number(r"epochs ([0-9]+) of", output)


def main():
    require_peers("torch", "ray")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    trials = int(sys.argv[2]) if len(sys.argv) > 2 else 32
    precision = sys.argv[3] if len(sys.argv) > 3 else "fp32"
    figures = {"tutti asha": [], "tutti random": [], "ray asha": []}

    def note(name, figure):
        figures[name].append(figure)
        print("  {}: {:.1f} s, best {:.4f}, {:.0f} epochs".format(name, *figure), file=sys.stderr)

    for seed in range(rounds):
        asha = ours("asha", ASHA, trials, seed, precision)
        note("tutti asha", asha)
        # As many whole trials as the epochs that ASHA has used; never fewer epochs than it had.
        same_budget = max(-(-asha[2] // 4), 1)
        note("tutti random", ours("random", "name: random", same_budget, seed, precision))
        note("ray asha", ray(trials, seed))

    for name, values in figures.items():
        seconds, best, epochs = zip(*values)
        print(f"{name:13} makespan s {spread(seconds)}  best accuracy {spread(best)}  "
              f"epochs {spread(epochs)} of {4 * trials}")

    def median(name, column):
        return statistics.median(figure[column] for figure in figures[name])

    verdict("best accuracy, ASHA - random with the same epochs",
            median("tutti asha", 1) - median("tutti random", 1), 0)
    verdict("makespan, ASHA / Ray Tune's", median("tutti asha", 0) / median("ray asha", 0), 0.4,
            at_least=False)
    verdict("best accuracy, ASHA - Ray Tune's", median("tutti asha", 1) - median("ray asha", 1),
            -0.01)


if __name__ == "__main__":
    main()
