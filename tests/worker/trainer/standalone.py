"""Runs of the real tutti-trainer in its standalone mode, for tests that look at numbers."""
import json
import os
import shutil
import subprocess
import tempfile

import numpy
from safetensors.numpy import load_file

BIN = os.environ["TUTTI_BIN"]
AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


class Standalone:
    """One trial's directory: its configuration, and runs with their records."""

    def __init__(self, yaml):
        self.directory = tempfile.mkdtemp(prefix="tutti-trainer-test-")
        self.runs = 0
        path = os.path.join(self.directory, "trial.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(yaml)
        done = subprocess.run([os.path.join(BIN, "tutti"), "validate", "-o", "json", path],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        self.config = os.path.join(self.directory, "trial.json")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(done.stdout)

    def set(self, path, value):
        """Changes the canonical document behind validation's back."""
        with open(self.config, encoding="utf-8") as f:
            document = json.load(f)
        *parents, key = path.split(".")
        place = document
        for parent in parents:
            place = place[parent]
        place[key] = value
        with open(self.config, "w", encoding="utf-8") as f:
            json.dump(document, f)

    def close(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, *flags, ranks=1, seed=5, out=None, check=True):
        """A finished run: .records, .directory, .code."""
        self.runs += 1
        out = out or os.path.join(self.directory, f"run{self.runs}")
        argv = [os.path.join(BIN, "tutti-trainer"), "--standalone", "--config", self.config,
                "--out", out, "--threads", "1", "--seed", str(seed), "--world", str(ranks), *flags]
        if ranks > 1:
            argv = ["mpirun", "--bind-to", "none", "--oversubscribe", "-n", str(ranks), *argv]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=300,
                              env={**os.environ, **AS_ROOT})
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(argv)}: exit {done.returncode}\n{done.stderr}")
        return Run(out, done)


class Run:
    def __init__(self, directory, done):
        self.directory = directory
        self.code = done.returncode
        self.stderr = done.stderr
        path = os.path.join(directory, "records.jsonl")
        self.records = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                self.records = [json.loads(line) for line in f]

    def of_type(self, kind):
        return [r for r in self.records if r["type"] == kind]

    def steps(self):
        """Rows of step, loss, learning rate."""
        return [row for r in self.of_type("steps") for row in r["rows"]]

    def step_losses(self):
        return numpy.array([float(row[1]) for row in self.steps()])

    def step_rates(self):
        return numpy.array([row[2] for row in self.steps()])

    def epoch_metrics(self):
        return [(r["epoch"], r["step"], r["metrics"]) for r in self.of_type("epoch")]

    def done(self):
        return self.of_type("done")[-1]

    def weights(self, name=None, file="model"):
        name = name or self.of_type("checkpoint")[-1]["name"]
        return load_file(os.path.join(self.directory, "checkpoints", name, file + ".safetensors"))

    def gradients(self, flag_file):
        return load_file(flag_file)
