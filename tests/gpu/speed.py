"""Images/s of training, tutti-trainer against torch_reference.py, in turn on the same device.

Both take the last of a few epochs, with the data set on the device. TF32 is as PyTorch sets it,
which is the same for both: on in cuDNN's convolutions, off in matrix products."""
import os
import subprocess
import sys

from trainer import HERE, Run, trial

# model, width, hidden, batch. The last is large enough that kernels and not launches decide.
MODELS = (("mnist_cnn", 32, 128, 128), ("mnist_cnn", 32, 128, 1024),
          ("two_block_cnn", 128, 512, 1024))


def ours(program, folder, device, threads, model, precision, images, epochs):
    name, width, hidden, batch = model
    # A tenth for validation, whose time is not in the figure.
    document = trial({
        "data.options.train": images * 10 // 9, "data.options.classes": 36,
        "data.splits.validation": 0.1,
        "model": {"preset": name, "width": width, "hidden": hidden, "dropout": 0.5},
        "training.epochs": epochs, "training.batch_size": batch,
        "training.optimizer.name": "adam", "training.optimizer.lr": 1e-3,
        "training.precision": precision})
    label = f"speed-{name}-{width}-{batch}-{precision}"
    run = Run(program, folder, label, document, device, threads, tf32=True)
    return run.one("epoch")["images_per_second"]


def reference(device, model, precision, mode, images, epochs):
    """Images/s, or None with a note where PyTorch cannot do it here."""
    name, width, hidden, batch = model
    argv = [sys.executable, os.path.join(HERE, "torch_reference.py"), "--model", name,
            "--width", str(width), "--hidden", str(hidden), "--batch", str(batch),
            "--precision", precision, "--mode", mode, "--device", device,
            "--images", str(images), "--epochs", str(epochs)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        note = (done.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"  torch {name} {precision} {mode}: not measured: {note}", file=sys.stderr)
        return None
    return float(done.stdout.split()[-1])


def table(program, folder, device, threads):
    """Measures, prints the table and returns whether our own figures are all there."""
    on_gpu = device != "cpu"
    modes = ["eager", "graph"] if on_gpu else ["eager"]
    if on_gpu and os.environ.get("TUTTI_GPU_COMPILE") == "1":
        modes.append("compile")
    models, images, epochs = (MODELS, 36000, 4) if on_gpu else (MODELS[:1], 3600, 2)
    rows = []
    for model in models:
        for precision in ("fp32", "bf16"):
            mine = ours(program, folder, device, threads, model, precision, images, epochs)
            theirs = [reference(device, model, precision, m, images, epochs) for m in modes]
            rows.append((model, precision, mine, theirs))
    print(f"images/s of training on {device}")
    print(f"  {'model':22} {'batch':>5} {'type':4} {'tutti':>10} " +
          " ".join(f"{'torch ' + m:>13}" for m in modes) + "  tutti/eager  tutti/best")
    for (name, width, hidden, batch), precision, mine, theirs in rows:
        figures = [t for t in theirs if t is not None]
        text = " ".join(f"{t:13.0f}" if t is not None else f"{'-':>13}" for t in theirs)
        eager = f"{mine / theirs[0]:11.2f}" if theirs[0] is not None else f"{'-':>11}"
        best = f"{mine / max(figures):10.2f}" if figures else f"{'-':>10}"
        print(f"  {f'{name} {width}/{hidden}':22} {batch:5} {precision:4} {mine:10.0f} {text}  "
              f"{eager}  {best}")
    return all(mine > 0 for _, _, mine, _ in rows)
