#!/usr/bin/env python3
"""Data-parallel efficiency: images/s of 2 ranks x 1 thread over twice that of 1 rank x 1 thread, the
same batch a rank (64), real MNIST, fp32; PyTorch's DDP with gloo in the same run.
Usage: TUTTI_PEER_PYTHON=… scaling.py [ROUNDS]"""
import json
import os
import statistics
import sys
import tempfile

from measure import BIN, DATA, ROOT, interleaved, number, peer, require_peers, run, spread, verdict

ROOT_ENV = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def ours(ranks):
    out = tempfile.mkdtemp(prefix="tutti-bench-")
    config = os.path.join(out, "trial.json")
    _, text = run([os.path.join(BIN, "tutti"), "validate", "-o", "json",
                   os.path.join(ROOT, "experiments", "mnist_cnn.yaml"),
                   "--set", "training.epochs=2", "--set", f"training.batch_size={64 * ranks}",
                   "--set", "data.subset=30000", "--set", f"data.root={DATA}",
                   "--set", "training.precision=fp32", "--set", "evaluation.curves=false"])
    with open(config, "w", encoding="utf-8") as f:
        f.write(text)
    trainer = [os.path.join(BIN, "tutti-trainer"), "--standalone", "--config", config, "--out", out,
               "--threads", "1", "--seed", "1", "--world", str(ranks)]
    if ranks > 1:
        trainer = ["mpirun", "--bind-to", "none", "--oversubscribe", "-n", str(ranks), *trainer]
    run(trainer, env=ROOT_ENV)
    with open(os.path.join(out, "records.jsonl"), encoding="utf-8") as f:
        epochs = [r for r in map(json.loads, f) if r.get("type") == "epoch"]
    return epochs[-1]["images_per_second"]


def main():
    require_peers("torch")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    rate = r"batch 64: (\d+) img/s"
    figures = interleaved(rounds,
                          tutti_1=lambda: ours(1), tutti_2=lambda: ours(2),
                          torch_1=lambda: number(rate, peer("ddp.py", 1, 200, "ddp")[1]),
                          ddp_2=lambda: number(rate, peer("ddp.py", 2, 200, "ddp")[1]))
    for name, values in figures.items():
        print(f"{name:8} images/s {spread(values)}")
    ours_efficiency = [b / (2 * a) for a, b in zip(figures["tutti_1"], figures["tutti_2"])]
    ddp = [b / (2 * a) for a, b in zip(figures["torch_1"], figures["ddp_2"])]
    print(f"efficiency of PyTorch DDP with gloo: {spread(ddp)}")
    print(f"efficiency of Tutti: {spread(ours_efficiency)}")
    verdict("two ranks / (2 x one rank)", statistics.median(ours_efficiency), 0.93)


if __name__ == "__main__":
    main()
