"""Runs tutti-trainer alone on one canonical trial document and reads what it reports."""
import copy
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def trial(changes):
    """The template with each dotted path of `changes` replaced."""
    with open(os.path.join(HERE, "trial_template.json"), encoding="utf-8") as f:
        document = json.load(f)
    for path, value in changes.items():
        *parents, last = path.split(".")
        node = document
        for parent in parents:
            node = node[parent]
        if last not in node:
            sys.exit(f"trial_template.json has no {path}")
        node[last] = copy.deepcopy(value)
    return document


class Run:
    """One finished run: its records, and the gradients of its first step if they were asked for."""

    def __init__(self, program, folder, name, document, device, threads, tf32,
                 gradients=False, limit_s=300):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder, exist_ok=True)
        config = os.path.join(self.folder, "trial.json")
        with open(config, "w", encoding="utf-8") as f:
            json.dump(document, f, indent=1)
        argv = [program, "--standalone", "--config", config, "--out", self.folder,
                "--device", device, "--threads", str(threads), "--seed", "7"]
        self.gradient_file = os.path.join(self.folder, "gradients.safetensors")
        if gradients:
            argv += ["--dump-gradients", self.gradient_file]
        # NVIDIA's libraries read this: 0 forbids TF32 whatever a program asks for.
        environment = {k: v for k, v in os.environ.items() if k != "NVIDIA_TF32_OVERRIDE"}
        if not tf32:
            environment["NVIDIA_TF32_OVERRIDE"] = "0"
        log = os.path.join(self.folder, "trainer.log")
        with open(log, "w", encoding="utf-8") as out:
            code = subprocess.run(argv, env=environment, stdout=out, stderr=subprocess.STDOUT,
                                  timeout=limit_s, check=False).returncode
        if code != 0:
            with open(log, encoding="utf-8") as f:
                sys.exit(f"{' '.join(argv)}: exit {code}\n{f.read()[-3000:]}")
        with open(os.path.join(self.folder, "records.jsonl"), encoding="utf-8") as f:
            self.records = [json.loads(line) for line in f if line.strip()]

    def all(self, kind):
        return [r for r in self.records if r.get("type") == kind]

    def one(self, kind):
        found = self.all(kind)
        if not found:
            sys.exit(f"{self.folder}/records.jsonl has no record of type {kind}")
        return found[-1]

    def losses(self):
        """step -> loss of that step's batch, before the step."""
        return {row[0]: row[1] for record in self.all("steps") for row in record["rows"]}

    def evaluations(self):
        """split -> metrics of the best checkpoint."""
        return {r["split"]: r["metrics"] for r in self.all("evaluation")}
