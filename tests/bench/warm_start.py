#!/usr/bin/env python3
"""Warm start: milliseconds from an attempt's arrival in a warm trainer to its first step (column
first_step_ms of v_attempts), over the trials of a sweep; a Python process that imports torch for
comparison in the same run. Usage: TUTTI_PEER_PYTHON=… warm_start.py"""
import os
import shutil
import sqlite3
import statistics
import tempfile

from measure import BIN, DATA, number, peer, require_peers, run, verdict

SWEEP = """
name: warm
data: {{dataset: mnist, root: {data}, subset: 1000}}
model: {{preset: mnist_cnn}}
training: {{epochs: 1, batch_size: 100, optimizer: {{name: adam, lr: 1e-3}}}}
hyperparameters:
  learning_rate: {{type: log, minval: -4, maxval: -2}}
searcher: {{name: random, max_trials: 40, metric: validation_accuracy, smaller_is_better: false}}
evaluation: {{splits: [validation], curves: false}}
"""


def main():
    require_peers("torch")
    state = tempfile.mkdtemp(prefix="tutti-bench-")
    path = os.path.join(state, "warm.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(SWEEP.format(data=DATA))
    run([os.path.join(BIN, "tutti"), "--state", os.path.join(state, "s"), "run", path])
    db = sqlite3.connect(f"file:{state}/s/tutti.db?mode=ro", uri=True)
    rows = db.execute("SELECT allocation_id, first_step_ms FROM attempts "
                      "ORDER BY attempt_id").fetchall()
    shutil.rmtree(state)
    seen, cold, warm = set(), [], []
    for allocation, ms in rows:
        (warm if allocation in seen else cold).append(ms)
        seen.add(allocation)
    print(f"cold: {len(cold)} attempts, median {statistics.median(cold):.1f} ms")
    print(f"warm: {len(warm)} attempts, p50 {statistics.median(warm):.1f} ms, "
          f"p90 {sorted(warm)[int(0.9 * len(warm))]:.1f} ms")
    python = number(r": ([\d.]+) ms each", peer("spawn_cost.py", 5, "import torch")[1])
    print(f"python -c 'import torch': {python:.0f} ms")
    verdict("warm p50 / 20 ms", statistics.median(warm) / 20, 1.0, at_least=False)


if __name__ == "__main__":
    main()
