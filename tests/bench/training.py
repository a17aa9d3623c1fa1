#!/usr/bin/env python3
"""Images/s of the trainer on mnist_cnn (batch 128, full MNIST epochs, 2 threads) against PyTorch:
the DataLoader script that a user writes first, and the best that PyTorch was brought to.
Usage: TUTTI_PEER_PYTHON=… training.py [ROUNDS]"""
import json
import os
import sys
import tempfile

from measure import BIN, DATA, ROOT, interleaved, number, peer, require_peers, run, spread, verdict
import statistics


def ours(precision, threads):
    out = tempfile.mkdtemp(prefix="tutti-bench-")
    config = os.path.join(out, "trial.json")
    _, text = run([os.path.join(BIN, "tutti"), "validate", "-o", "json",
                   os.path.join(ROOT, "experiments", "mnist_cnn.yaml"),
                   "--set", "training.epochs=2", "--set", f"training.precision={precision}",
                   "--set", f"data.root={DATA}", "--set", "evaluation.curves=false"])
    with open(config, "w", encoding="utf-8") as f:
        f.write(text)
    run([os.path.join(BIN, "tutti-trainer"), "--standalone", "--config", config, "--out", out,
         "--threads", str(threads), "--seed", "1"])
    with open(os.path.join(out, "records.jsonl"), encoding="utf-8") as f:
        records = [json.loads(line) for line in f]
    epochs = [r for r in records if r.get("type") == "epoch"]
    return epochs[-1]["images_per_second"]


def main():
    require_peers("torch")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    figures = interleaved(
        rounds,
        loader=lambda: number(r"s/epoch (\d+) img/s", peer("torch_train.py", 1, 2, "loader")[1]),
        tutti_fp32=lambda: ours("fp32", 2),
        torch_fp32=lambda: number(r"last epoch (\d+)",
                                  peer("torch_best.py", 2, 2, "cl+fused+swap")[1]),
        tutti_auto=lambda: ours("auto", 2),
        torch_bf16=lambda: number(r"last epoch (\d+)",
                                  peer("torch_best.py", 2, 2, "bf16+cl+fused+swap")[1]))
    for name, values in figures.items():
        print(f"{name:11} images/s {spread(values)}")
    median = {name: statistics.median(values) for name, values in figures.items()}
    best = max(median["torch_fp32"], median["torch_bf16"])
    verdict("fp32 / DataLoader script", median["tutti_fp32"] / median["loader"], 1.4)
    verdict("auto / best PyTorch", median["tutti_auto"] / best, 1.1)


if __name__ == "__main__":
    main()
