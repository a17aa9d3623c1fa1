"""A real cluster for a test: programs of the build in a state directory of its own."""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("TUTTI_BIN", os.path.join(ROOT, "build", "bin"))
EXPERIMENTS = os.path.join(ROOT, "experiments")
DEADLINE_S = 240

# Short, real trials on drawn glyphs; what the tests vary comes through --set.
SMALL = """
name: small
data: {{dataset: glyphs, options: {{train: 600, test: 200, seed: 3}}}}
model: {{preset: mnist_cnn}}
training: {{epochs: {epochs}, batch_size: 60, optimizer: {{name: adam, lr: 1e-3}}}}
hyperparameters:
  learning_rate: {{type: categorical, vals: [0.001, 0.002]}}
searcher: {{name: grid, metric: validation_accuracy, smaller_is_better: false}}
replicates: {replicates}
resources: {{slots_per_trial: {slots}}}
"""


class Cluster:
    def __init__(self):
        self.state = tempfile.mkdtemp(prefix="tutti-e2e-")

    def close(self):
        self.tutti("down", "--kill", check=False)
        for name in ("supervisor", "coordinator"):
            pid = self.pid_in(name)
            if pid:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        shutil.rmtree(self.state, ignore_errors=True)

    def tutti(self, *arguments, check=True, timeout=DEADLINE_S, env=None):
        """Runs the client on this cluster's state directory."""
        done = subprocess.run([os.path.join(BIN, "tutti"), "--state", self.state, *arguments],
                              capture_output=True, text=True, timeout=timeout,
                              env={**os.environ, **(env or {})})
        if check and done.returncode != 0:
            raise AssertionError(f"tutti {' '.join(arguments)}: exit {done.returncode}\n"
                                 f"{done.stdout}\n{done.stderr}\n{self.log_tails()}")
        return done

    def write(self, name, text):
        path = os.path.join(self.state, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def submit(self, path, *arguments):
        out = self.tutti("submit", path, "-o", "name", *arguments).stdout
        return [int(line) for line in out.split()]

    def pid_in(self, name):
        try:
            with open(os.path.join(self.state, name + ".json"), encoding="utf-8") as f:
                return json.load(f)["pid"]
        except (OSError, ValueError, KeyError):
            return None

    def worker_pid(self):
        """Process id of this cluster's tutti-worker (a child of the supervisor)."""
        supervisor = self.pid_in("supervisor")
        for pid in children_of(supervisor):
            if program_of(pid) == "tutti-worker":
                return pid
        return None

    def query(self, sql, *params):
        """Reads the database file as a stranger would: read-only, with Python's sqlite3."""
        path = os.path.join(self.state, "tutti.db")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql, params).fetchall()
        finally:
            connection.close()

    def query_or_none(self, sql, *params):
        try:
            return self.query(sql, *params)
        except sqlite3.OperationalError:
            return None

    def log_tails(self):
        text = ""
        for name in ("supervisor", "coordinator", "worker"):
            path = os.path.join(self.state, "logs", name + ".log")
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as f:
                    text += f"--- {name}.log\n" + f.read()[-3000:]
        return text


def children_of(pid):
    if pid is None:
        return []
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8") as f:
                    fields = f.read().rsplit(")", 1)[1].split()
                if int(fields[1]) == pid and fields[0] != "Z":
                    found.append(int(entry))
            except OSError:
                pass
    return found


def program_of(pid):
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def processes_running(program, needle):
    """Process ids whose executable is `program` and whose command line contains `needle`."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and program_of(int(entry)) == program:
            try:
                with open(f"/proc/{entry}/cmdline", encoding="utf-8", errors="replace") as f:
                    if needle in f.read():
                        found.append(int(entry))
            except OSError:
                pass
    return found


def wait_until(what, condition, deadline_s=DEADLINE_S):
    """Polls a condition; a test never sleeps for a guessed time."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {deadline_s} s: {what}")


class ClusterTest(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster()
        self.addCleanup(self.cluster.close)

    def small(self, epochs=2, replicates=1, slots=1):
        return self.cluster.write("small.yaml",
                                  SMALL.format(epochs=epochs, replicates=replicates, slots=slots))

    def assert_epochs_exactly_once(self, experiment):
        """Every epoch of every completed trial has each of its metrics once: in the canonical view,
        and among the raw rows of one attempt."""
        epochs = json.loads(self.cluster.query(
            "SELECT canonical_json FROM documents WHERE experiment_id = ?",
            experiment)[0][0])["training"]["epochs"]
        trials = self.cluster.query(
            "SELECT trial_id, state FROM v_trials WHERE experiment_id = ?", experiment)
        self.assertGreater(len(trials), 0)
        for trial_id, state in trials:
            self.assertEqual(state, "COMPLETED")
            rows = self.cluster.query(
                "SELECT epoch, split, name, count(*) FROM v_epochs WHERE trial_id = ? "
                "GROUP BY epoch, split, name", trial_id)
            self.assertEqual({n for _, _, _, n in rows}, {1}, f"doubled rows in trial {trial_id}")
            for wanted in (("train", "loss"), ("validation", "loss"), ("validation", "accuracy")):
                have = sorted(e for e, split, name, _ in rows if (split, name) == wanted)
                self.assertEqual(have, list(range(1, epochs + 1)), f"trial {trial_id} {wanted}")


def main():
    print(f"programs: {BIN}", file=sys.stderr)
    unittest.main(verbosity=2)
