#!/usr/bin/env python3
"""Bracket tables of adaptive_asha, from the published rules alone, in exact arithmetic.

Writes adaptive_asha.jsonl beside it, one configuration a line with its brackets; `--floats` tells
instead which of them Determined's floating-point logarithms and weights would give otherwise.
This script shares nothing with the C++ code: brackets_test.cc compares that code with the table.

The rules (Determined, master/pkg/searcher/adaptive_asha.go and async_halving.go):
  R = min(max_rungs, floor(log_d(max_time)) + 1, floor(log_d(max_trials)) + 1)
  brackets: aggressive [R]; standard floor((R-1)/2)+1 .. R; conservative 1 .. R; most rungs first
  weight of a bracket with r rungs: d^(r-1) / r
  trials: max(floor(weight / total * max_trials), 1), what remains of max_trials to the first
  rung k of r (from 0): max(floor(max_time / d^(r-1-k)), 1) units
  concurrency: max(max_concurrent, brackets) split evenly, the remainder to the first ones;
    with 0: max(trials of the last bracket, d) each. No bracket starts more than its trials.

Four of them by hand:

1. standard, 64 trials, 20 epochs, d 4, 5 rungs at most, 16 side by side.
   4^2 = 16 <= 20 < 64, so log = 2 and 3 rungs; 4^3 = 64 <= 64, so 4 rungs; R = min(5, 3, 4) = 3.
   From floor(2/2) + 1 = 2 to 3: brackets of 3 and 2 rungs.
   Weights 16/3 and 4/2, times 6: 32 and 12, together 44.
   32 * 64 / 44 = 46.5 -> 46; 12 * 64 / 44 = 17.4 -> 17; 1 remains: 47 and 17.
   Rungs: 20/16 -> 1, 20/4 = 5, 20; and 5, 20. Side by side 16 / 2 = 8 each.
2. aggressive, 1000 trials, 1000 epochs, d 10, 5 rungs, no limit.
   10^3 <= 1000: R = min(5, 4, 4) = 4 (log(1000) / log(10) is 2.9999999999999996 in doubles, which
   gives 3). One bracket with all 1000 trials and rungs 1, 10, 100, 1000.
   No limit: max(1000, 10) = 1000 side by side.
3. conservative, 30 trials, 27 epochs, d 3, 5 rungs, 7 side by side.
   3^3 = 27 <= 27 and <= 30: R = 4; brackets of 4, 3, 2, 1 rungs.
   Weights 27/4, 9/3, 3/2, 1/1, times 4: 27, 12, 6, 4, together 49.
   810/49 = 16.5 -> 16; 360/49 = 7.3 -> 7; 180/49 = 3.7 -> 3; 120/49 = 2.4 -> 2;
   2 remain: 18, 7, 3, 2.
   7 over 4 brackets: 2, 2, 2, 1.
4. conservative, 4 trials, 3 epochs, d 4: 4 > 3, so log = 0 and R = 1: one bracket, one rung of 3.
"""
import argparse
import json
import math
import pathlib
from fractions import Fraction


def floor_log(base, x):
    r = 0
    while base ** (r + 1) <= x:
        r += 1
    return r


def bracket_lengths(c, log):
    if c["bracket_rungs"]:
        return sorted(c["bracket_rungs"], reverse=True)
    top = min(c["max_rungs"], log(c["divisor"], c["max_time"]) + 1,
              log(c["divisor"], c["max_trials"]) + 1)
    first = {"aggressive": top, "standard": (top - 1) // 2 + 1, "conservative": 1}[c["mode"]]
    return list(range(top, first - 1, -1))


def brackets(c, log=floor_log, number=Fraction):
    d, lengths = c["divisor"], bracket_lengths(c, log)
    weights = [number(d) ** (r - 1) / number(r) for r in lengths]
    total = sum(weights)
    trials = [max(math.floor(w / total * c["max_trials"]), 1) for w in weights]
    trials[0] += max(c["max_trials"] - sum(trials), 0)
    limit, count = c["max_concurrent_trials"], len(lengths)
    if limit:
        share, rest = divmod(max(limit, count), count)
        side = [share + (1 if i < rest else 0) for i in range(count)]
    else:
        side = [max(trials[-1], d)] * count
    return [{"rungs": [max(c["max_time"] // d ** (r - 1 - k), 1) for k in range(r)],
             "trials": t, "max_concurrent": min(s, t)}
            for r, t, s in zip(lengths, trials, side)]


def configurations():
    def one(mode, max_trials, max_time, divisor, max_rungs, limit=16, lengths=()):
        return {"mode": mode, "max_trials": max_trials, "max_time": max_time, "divisor": divisor,
                "max_rungs": max_rungs, "max_concurrent_trials": limit,
                "bracket_rungs": list(lengths)}

    yield one("standard", 64, 20, 4, 5)             # 1 above
    yield one("aggressive", 1000, 1000, 10, 5, 0)   # 2
    yield one("conservative", 30, 27, 3, 5, 7)      # 3
    yield one("conservative", 4, 3, 4, 5)           # 4
    for mode in ("aggressive", "standard", "conservative"):
        for max_trials, max_time, divisor in ((1, 1, 2), (1, 100, 4), (16, 1, 4), (16, 4, 4),
                                              (32, 4, 2), (64, 63, 4), (64, 64, 4), (64, 65, 4),
                                              (81, 81, 3), (80, 243, 3), (100, 937500, 4),
                                              (243, 100, 3), (500, 16000, 4), (1024, 1024, 2),
                                              (1000, 1000, 10), (12345, 99999, 7)):
            for max_rungs in (1, 3, 5, 10):
                yield one(mode, max_trials, max_time, divisor, max_rungs)
    for limit in (0, 1, 2, 5, 64, 1000):
        yield one("conservative", 300, 81, 3, 5, limit)
    for lengths in ((3,), (1, 2, 3), (5, 5, 1), (2, 2, 2, 2), (8, 4)):
        yield one("standard", 50, 100, 4, 5, 0, lengths)
        yield one("standard", 3, 7, 2, 5, 16, lengths)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--floats", action="store_true")
    if parser.parse_args().floats:
        def log(base, x):
            return int(math.log(x) / math.log(base))
        for c in configurations():
            if brackets(c) != brackets(c, log, float):
                print(json.dumps(c), "exact", brackets(c), "floats", brackets(c, log, float))
        return
    lines = [json.dumps({**c, "brackets": brackets(c)}) for c in configurations()]
    pathlib.Path(__file__).with_suffix(".jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
