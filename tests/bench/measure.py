"""What the benchmarks share: running a command, and ratios of alternating runs.

Every figure is a ratio of two commands that ran in turn (A B A B …) on this machine in this run, since
machines are noisy and their absolute speeds mean nothing elsewhere."""
import os
import re
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("TUTTI_BIN", os.path.join(ROOT, "build", "bin"))
PEERS = os.environ.get("TUTTI_PEERS", os.path.join(ROOT, "..", "shared", "peers"))
DATA = os.path.abspath(os.environ.get("TUTTI_DATA", os.path.join(ROOT, "..", "shared", "data")))
PYTHON = os.environ.get("TUTTI_PEER_PYTHON", sys.executable)


def require_peers(*modules):
    """Stops with a clear message where the peers cannot run."""
    if not os.path.isdir(PEERS):
        sys.exit(f"no peers in {PEERS}; set TUTTI_PEERS")
    for module in modules:
        if subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode != 0:
            sys.exit(f"{PYTHON} has no {module}; name a scratch environment that has it with "
                     "TUTTI_PEER_PYTHON")


def run(argv, cwd=None, env=None):
    """(seconds, output) of a command that must succeed."""
    started = time.monotonic()
    done = subprocess.run(argv, cwd=cwd, env={**os.environ, **(env or {})}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    seconds = time.monotonic() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)}: exit {done.returncode}\n{done.stdout[-3000:]}")
    return seconds, done.stdout


def peer(script, *arguments):
    """(seconds, output) of a peer's script, run in a scratch folder."""
    scratch = os.environ.get("TUTTI_SCRATCH", "/tmp/tutti-bench")
    os.makedirs(os.path.join(scratch, "scratch"), exist_ok=True)
    return run([PYTHON, os.path.join(PEERS, script), *map(str, arguments)], cwd=scratch,
               env={"MNIST_DIR": os.path.join(DATA, "mnist"), "PYTHONDONTWRITEBYTECODE": "1"})


def number(pattern, text):
    found = re.search(pattern, text)
    if not found:
        sys.exit(f"no {pattern!r} in:\n{text}")
    return float(found.group(1))


def interleaved(rounds, **measures):
    """Calls each measure once a round, in turn; returns name -> list of figures."""
    figures = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            figures[name].append(measure())
            print(f"  {name}: {figures[name][-1]:.4g}", file=sys.stderr)
    return figures


def spread(values):
    return f"{statistics.median(values):.4g} [{min(values):.4g}..{max(values):.4g}]"


def verdict(title, ratio, wanted, at_least=True):
    """One line: the ratio and whether it is what the project aims at. Returns True if it is."""
    good = ratio >= wanted if at_least else ratio <= wanted
    sign = ">=" if at_least else "<="
    print(f"{'ok   ' if good else 'SHORT'} {title}: {ratio:.3f} (aim {sign} {wanted})")
    return good
