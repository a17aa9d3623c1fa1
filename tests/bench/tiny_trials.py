#!/usr/bin/env python3
"""Trials without work: how many a second the whole path takes, on two slots, from `submit` to the
commit of the last row (SQLite, synchronous=FULL): a Python program under `entrypoint` that reports
one number and is done. Ray Tune, and Optuna with SQLite and with its journal file, in the same run.
Optuna calls a Python function in its own process; the journal file survives no power cut.
Usage: TUTTI_PEER_PYTHON=… tiny_trials.py [TRIALS] [ROUNDS]"""
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile

from measure import BIN, ROOT, interleaved, number, peer, require_peers, run, spread, verdict

class Cluster:
    """Up before anything is measured, as the peers' imports are not counted either."""

    def __init__(self):
        self.state = tempfile.mkdtemp(prefix="tutti-bench-")
        self.tutti("up", "--slots", "2")

    def tutti(self, *arguments):
        return run([os.path.join(BIN, "tutti"), "--state", self.state, *arguments])

    def cpu_seconds(self):
        """Of coordinator, worker, and all that they have started and that still runs, by program."""
        ticks = os.sysconf("SC_CLK_TCK")
        rows = {}  # pid: (program, parent, seconds)
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
                    head, rest = f.read().rsplit(")", 1)
            except OSError:
                continue
            fields = rest.split()
            rows[pid] = (head.split("(", 1)[1], fields[1],
                         (int(fields[11]) + int(fields[12])) / ticks)
        named = subprocess.run(["pgrep", "-f", self.state], capture_output=True, text=True)
        ours = set(named.stdout.split())
        while children := {pid for pid, row in rows.items() if row[1] in ours} - ours:
            ours |= children
        totals = {}
        for name, _, seconds in (rows[pid] for pid in ours if pid in rows):
            totals[name] = totals.get(name, 0) + seconds
        return totals

    def trials_per_second(self, trials):
        seconds, _ = self.tutti("submit", "--wait",
                                os.path.join(ROOT, "tests", "bench", "noop.yaml"),
                                "--set", f"searcher.max_trials={trials}")
        db = sqlite3.connect(f"file:{self.state}/tutti.db?mode=ro", uri=True)
        experiment, = db.execute("SELECT max(experiment_id) FROM experiments").fetchone()
        done, = db.execute("SELECT count(*) FROM trials WHERE experiment_id = ? AND state = "
                           "'COMPLETED' AND last_value IS NOT NULL", (experiment,)).fetchone()
        if done != trials:
            sys.exit(f"{done} of {trials} trials completed")
        return trials / seconds

    def close(self):
        self.tutti("down", "--kill")
        shutil.rmtree(self.state)


def main():
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    require_peers("ray", "optuna")
    cluster = Cluster()
    try:
        before = cluster.cpu_seconds()
        rates = interleaved(
            rounds,
            tutti=lambda: cluster.trials_per_second(trials),
            ray=lambda: number(r": ([\d.]+) trials/s", peer("ray_noop.py", min(trials, 200))[1]),
            optuna_sqlite=lambda: number(
                r": ([\d.]+) trials/s", peer("optuna_noop.py", min(trials, 500), "sqlite",
                                             "random")[1]),
            optuna_journal=lambda: number(
                r": ([\d.]+) trials/s", peer("optuna_noop.py", trials, "journal", "random")[1]))
        after = cluster.cpu_seconds()
    finally:
        cluster.close()
    for name, values in rates.items():
        print(f"{name:<15} trials/s {spread(values)}")
    for name, seconds in sorted(after.items()):
        used = (seconds - before.get(name, 0)) / (trials * rounds) * 1e6
        print(f"CPU time a trial, {name}: {used:.0f} us")
    middle = {name: statistics.median(values) for name, values in rates.items()}
    verdict("Tutti / Ray Tune", middle["tutti"] / middle["ray"], 15)
    verdict("Tutti / Optuna, SQLite", middle["tutti"] / middle["optuna_sqlite"], 1)
    verdict("Tutti / Optuna, journal file", middle["tutti"] / middle["optuna_journal"], 1)


if __name__ == "__main__":
    main()
