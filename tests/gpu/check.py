"""Agreement and speed, after run.sh has built.

usage: check.py PROGRAM FOLDER cuda|cpu [agreement] [speed]"""
import os
import sys

import torch

import agreement
import speed


def main():
    if len(sys.argv) < 4 or sys.argv[3] not in ("cuda", "cpu"):
        sys.exit(__doc__)
    program, folder, device = sys.argv[1:4]
    parts = sys.argv[4:] or ["agreement", "speed"]
    if device == "cuda":
        print(f"device: {torch.cuda.get_device_name(0)}, torch {torch.__version__}")
    # More threads than this only get in each other's way at a batch of 32.
    threads = min(4, len(os.sched_getaffinity(0)))
    good = True
    if "agreement" in parts:
        good = agreement.compare(program, folder, device, threads) and good
    if "speed" in parts:
        good = speed.table(program, folder, device, threads) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
