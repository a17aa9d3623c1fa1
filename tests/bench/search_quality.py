#!/usr/bin/env python3
"""Searchers against Optuna's: the best value after 100 trials on Branin, Hartmann-6 and Rosenbrock-4,
one trial after the other, nothing else around the searchers. tpe against Optuna 5's default TPESampler (the
multivariate one), gp against GPSampler(deterministic_objective=True), cmaes against CmaEsSampler, all
against our own random search.

usage: search_quality.py [--seeds 200] [--gp-seeds 40] [--trials 100] [--searchers tpe,cmaes,gp] [--keep FILE]

--keep FILE: Optuna's studies are appended to this file (JSON lines) as they end, and those it holds
already are not run again: its GP takes hours. Ours run anew every time.

Per function and searcher the table has: the median regret (best value less the minimum) of both,
their ratio, the upper 95 % bound of that ratio by bootstrap, p of the one-sided Mann-Whitney test that
ours is below random search, and the median seconds of a study. Exit 1 where the aims (p < 0.01, bound
<= 1.25, less time than Optuna) are not met. See README.md for the environment."""
import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys

import measure

MINIMA = {"branin": 0.39788735772973816, "hartmann6": -3.322368011415515, "rosenbrock4": 0.0}
RESAMPLES = 2000
# Runs studies of the peers' searchers.py; reads "function sampler seed trials" lines.
PEER = """
import json, sys
sys.path.insert(0, sys.argv[1])
import searchers
for line in sys.stdin:
    function, sampler, seed, trials = line.split()
    _, best, seconds = searchers.study((function, sampler, int(seed), int(trials)))
    print(json.dumps({"function": function, "sampler": sampler, "seed": int(seed), "trials": int(trials),
                      "best": best[-1], "seconds": seconds}), flush=True)
"""


def ours(searcher, function, seeds, trials):
    """[(best value, seconds)] by seed."""
    _, text = measure.run([os.path.join(measure.BIN, "tutti-bench-search"), searcher, function, "0",
                           str(seeds), str(trials)])
    studies = [json.loads(line) for line in text.splitlines()]
    return [(study["best"][-1], study["seconds"]) for study in studies]


def kept(path):
    """{(function, sampler, trials, seed): (best value, seconds)}"""
    studies = {}
    if path and os.path.exists(path):
        with open(path) as lines:
            for study in map(json.loads, lines):
                key = (study["function"], study["sampler"], study["trials"], study["seed"])
                studies[key] = (study["best"], study["seconds"])
    return studies


def optunas(sampler, function, seeds, trials, known, path):
    """The same of Optuna; runs what `known` lacks and appends it to the file."""
    missing = [s for s in range(seeds) if (function, sampler, trials, s) not in known]
    if missing:
        child = subprocess.Popen([measure.PYTHON, "-c", PEER, measure.PEERS], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL)
        child.stdin.write("".join(f"{function} {sampler} {s} {trials}\n" for s in missing))
        child.stdin.close()
        for line in child.stdout:
            study = json.loads(line)
            known[function, sampler, trials, study["seed"]] = (study["best"], study["seconds"])
            if path:
                with open(path, "a") as out:
                    out.write(line)
        if child.wait() != 0:
            sys.exit(f"Optuna's {sampler} on {function} failed with exit {child.returncode}")
    return [known[function, sampler, trials, s] for s in range(seeds)]


def mann_whitney(low, high):
    """p of the one-sided test that `low` is not stochastically smaller than `high`: the normal
    approximation with correction for ties and continuity."""
    both = sorted([(v, 0) for v in low] + [(v, 1) for v in high])
    n, m = len(low), len(high)
    rank_sum = ties = 0
    i = 0
    while i < len(both):
        j = i
        while j < len(both) and both[j][0] == both[i][0]:
            j += 1
        rank_sum += (i + j + 1) / 2 * sum(1 for k in range(i, j) if both[k][1] == 0)
        ties += (j - i) ** 3 - (j - i)
        i = j
    u = rank_sum - n * (n + 1) / 2
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    if variance == 0:
        return 1.0
    z = (u + 0.5 - n * m / 2) / math.sqrt(variance)
    return 0.5 * math.erfc(-z / math.sqrt(2))


def upper_bound(a, b):
    """95 % of the bootstrap ratios of the medians of a and b are below this."""
    rng = random.Random(1)
    ratios = sorted(statistics.median(rng.choices(a, k=len(a))) /
                    statistics.median(rng.choices(b, k=len(b))) for _ in range(RESAMPLES))
    return ratios[math.ceil(0.95 * RESAMPLES) - 1]


def compare(searcher, function, options, known):
    """Prints a row; True if all aims are met."""
    seeds = options.gp_seeds if searcher == "gp" else options.seeds
    mine = ours(searcher, function, options.seeds, options.trials)
    chance = [v for v, _ in ours("random", function, options.seeds, options.trials)]
    theirs = optunas(searcher, function, seeds, options.trials, known, options.keep)
    regret = [v - MINIMA[function] for v, _ in mine]
    peer_regret = [v - MINIMA[function] for v, _ in theirs]
    p = mann_whitney([v for v, _ in mine], chance)
    bound = upper_bound(regret, peer_regret)
    seconds = statistics.median(s for _, s in mine)
    peer_seconds = statistics.median(s for _, s in theirs)
    good = p < 0.01 and bound <= 1.25 and seconds < peer_seconds
    print(f"| {function} | {searcher} | {len(mine)} / {len(theirs)} | "
          f"{statistics.median(regret):.4g} | {statistics.median(peer_regret):.4g} | "
          f"{statistics.median(regret) / statistics.median(peer_regret):.3f} | {bound:.3f} | {p:.1g} | "
          f"{seconds:.4f} | {peer_seconds:.3f} | {'ok' if good else 'SHORT'} |", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--gp-seeds", type=int, default=40, help="of Optuna's GP")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--searchers", default="tpe,cmaes,gp")
    parser.add_argument("--keep", help="file of Optuna's studies")
    options = parser.parse_args()
    measure.require_peers("optuna", "cmaes", "scipy", "torch")
    known = kept(options.keep)
    print("| function | searcher | studies, ours / Optuna | median regret | Optuna | ratio | "
          "upper 95 % | p against random | s a study | Optuna | |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    good = True
    for searcher in options.searchers.split(","):
        for function in MINIMA:
            good = compare(searcher, function, options, known) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
