"""Goal: who runs is decided by priority and by what people ask for while it runs, and no epoch is
lost or doubled by any of it. Method: real clusters with a program as the trainer whose epochs the
test lets happen one by one, so that nothing depends on time."""
import json
import os
import signal
import subprocess
import sys

from cluster import BIN, ROOT, ClusterTest, main, processes_running, wait_until

PROGRAM = """
import os, sys, time
sys.path.insert(0, {sdk!r})
import tutti

# How many epochs trials of this experiment may have reached by now.
def allowed():
    try:
        with open(sys.argv[1]) as f:
            return int(f.read() or 0)
    except FileNotFoundError:
        return 0

for trial in tutti.trials():
    for epoch in trial.epochs():
        while allowed() < epoch and not trial.should_stop():
            time.sleep(0.005)
        if trial.should_stop():
            break
        trial.report(epoch=epoch, validation_loss=trial.hparams["x"] / epoch)
        with trial.save() as directory:
            with open(directory + "/epoch", "w") as f:
                f.write(str(epoch))
"""

DOCUMENT = """
name: {name}
entrypoint: [{python}, {program}, {gate}]
hyperparameters: {{x: {{type: categorical, vals: {values}}}}}
searcher: {{{searcher}, metric: validation_loss, max_time: {epochs}}}
evaluation: {{splits: []}}
resources: {{slots_per_trial: 1, priority: {priority}{resources}}}
"""


class Scheduling(ClusterTest):
    def setUp(self):
        super().setUp()
        self.program = self.cluster.write("paced.py", PROGRAM.format(
            sdk=os.path.join(ROOT, "worker", "sdk", "python")))
        self.workers = []
        self.addCleanup(self.stop_workers)

    def submit(self, name, epochs=4, priority=42, values="[1.0]", searcher="name: grid",
               resources=""):
        path = self.cluster.write(name + ".yaml", DOCUMENT.format(
            name=name, python=sys.executable, program=self.program, gate=self.gate(name),
            values=values, searcher=searcher, epochs=epochs, priority=priority,
            resources=resources))
        return self.cluster.submit(path)[0]

    def gate(self, name):
        return os.path.join(self.cluster.state, name + ".allowed")

    def allow(self, name, epochs):
        partial = self.gate(name) + ".partial"
        with open(partial, "w", encoding="utf-8") as f:
            f.write(str(epochs))
        os.replace(partial, self.gate(name))

    def states(self, experiment):
        rows = self.cluster.query(
            "SELECT state FROM v_trials WHERE experiment_id = ? ORDER BY trial_no", experiment)
        return [state for state, in rows]

    def epochs(self, experiment):
        return self.cluster.query(
            "SELECT count(*) FROM v_epochs WHERE name = 'loss' AND split = 'validation' AND "
            "trial LIKE ? || '.%'", experiment)[0][0]

    def wait_for_epochs(self, experiment, count):
        wait_until(f"{count} epochs of experiment {experiment}",
                   lambda: self.epochs(experiment) >= count)

    def wait_for_state(self, experiment, state):
        wait_until(f"a trial of experiment {experiment} is {state}",
                   lambda: state in self.states(experiment))

    def why(self, target):
        return json.loads(self.cluster.tutti("why", str(target), "-o", "json").stdout)

    def finish(self, experiment, epochs, attempts):
        """It completes, each epoch was reported exactly once in all attempts together, and being
        stopped cost no restart."""
        self.cluster.tutti("wait", str(experiment), "--timeout", "120")
        rows = self.cluster.query(
            "SELECT e.epoch FROM epochs AS e JOIN v_attempts AS a ON a.attempt_id = e.attempt_id "
            "WHERE a.experiment_id = ? ORDER BY e.epoch", experiment)
        self.assertEqual([epoch for epoch, in rows], list(range(1, epochs + 1)))
        self.assertEqual(self.cluster.query(
            "SELECT state, attempts, restarts FROM v_trials WHERE experiment_id = ?", experiment),
            [("COMPLETED", attempts, 0)])

    def test_higher_priority_preempts_by_checkpoint_and_the_lower_one_goes_on(self):
        self.cluster.tutti("up", "--slots", "1")
        self.allow("low", 2)
        low = self.submit("low", priority=50)
        self.wait_for_epochs(low, 2)
        high = self.submit("high", epochs=2, priority=10)
        self.wait_for_state(high, "RUNNING")
        self.assertEqual(self.states(low), ["QUEUED"])
        why = self.why(f"{low}.1")
        self.assertEqual(why["state"], "QUEUED")
        self.assertIn(f"experiment {high}", " ".join(why["why"]), why)
        queue = json.loads(self.cluster.tutti("queue", "-o", "json").stdout)
        self.assertEqual([row["experiment_id"] for row in queue], [high, low])
        self.allow("low", 4)
        self.allow("high", 2)
        self.finish(high, epochs=2, attempts=1)
        self.finish(low, epochs=4, attempts=2)
        self.assertEqual(self.cluster.query(
            "SELECT state FROM v_attempts WHERE experiment_id = ? ORDER BY attempt_id", low),
            [("PREEMPTED",), ("COMPLETED",)])

    def test_a_priority_that_changes_while_it_runs_decides_anew(self):
        self.cluster.tutti("up", "--slots", "1")
        self.allow("first", 1)
        first = self.submit("first", epochs=2)
        self.wait_for_epochs(first, 1)
        second = self.submit("second", epochs=2)
        self.assertEqual(self.states(second), ["QUEUED"])
        changed = json.loads(self.cluster.tutti("set", "priority", str(second), "5",
                                                "-o", "json").stdout)
        self.assertEqual(changed["priority"], 5)
        self.wait_for_state(second, "RUNNING")
        self.assertEqual(self.states(first), ["QUEUED"])
        # And back: whoever is first now gets its slot again.
        self.cluster.tutti("set", "priority", str(first), "1")
        self.wait_for_state(first, "RUNNING")
        self.allow("first", 2)
        self.allow("second", 2)
        self.finish(first, epochs=2, attempts=2)
        self.finish(second, epochs=2, attempts=2)
        late = self.cluster.tutti("set", "priority", str(first), "5", check=False)
        self.assertEqual(late.returncode, 4)
        self.assertIn("COMPLETED", late.stderr)

    def test_pause_cancel_continue_and_archive(self):
        self.cluster.tutti("up", "--slots", "1")
        self.allow("one", 1)
        one = self.submit("one", searcher="name: single", epochs=3)
        self.wait_for_epochs(one, 1)
        self.cluster.tutti("e", "pause", str(one))
        self.wait_for_state(one, "PAUSED")
        wait_until("a free slot", lambda: json.loads(self.cluster.tutti(
            "workers", "-o", "json").stdout)[0]["slots_free"] == 1)
        self.cluster.tutti("e", "activate", str(one))
        self.allow("one", 2)
        self.wait_for_epochs(one, 2)
        early = self.cluster.tutti("continue", str(one), check=False)
        self.assertEqual(early.returncode, 4)
        self.assertIn("ACTIVE", early.stderr)
        self.cluster.tutti("cancel", str(one))
        self.assertEqual(self.cluster.tutti("wait", str(one), check=False).returncode, 1)
        self.cluster.tutti("continue", str(one))
        self.allow("one", 3)
        self.finish(one, epochs=3, attempts=3)
        # A completed one can only become longer.
        self.assertEqual(self.cluster.tutti("continue", str(one), check=False).returncode, 4)
        self.allow("one", 5)
        self.cluster.tutti("continue", str(one), "--max-time", "5")
        self.finish(one, epochs=5, attempts=4)
        self.cluster.tutti("archive", str(one))
        self.assertEqual(json.loads(self.cluster.tutti("ls", "-o", "json").stdout), [])
        shown = json.loads(self.cluster.tutti("ls", "--all", "-o", "json").stdout)
        self.assertEqual([row["archived"] for row in shown], [1])
        again = self.cluster.tutti("archive", str(one), check=False)
        self.assertEqual(again.returncode, 4)
        self.cluster.tutti("unarchive", str(one))
        self.assertEqual(len(json.loads(self.cluster.tutti("ls", "-o", "json").stdout)), 1)

    def start_worker(self, name):
        log = open(os.path.join(self.cluster.state, name + ".log"), "wb")
        self.workers.append((log, subprocess.Popen(
            [os.path.join(BIN, "tutti-worker"), "--state", self.cluster.state, "--name", name,
             "--slots", "1", "--work-dir", os.path.join(self.cluster.state, "worker-" + name)],
            stdout=log, stderr=subprocess.STDOUT)))

    def stop_workers(self):
        for log, process in self.workers:
            process.send_signal(signal.SIGTERM)
        for log, process in self.workers:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()

    def node_of(self, experiment):
        rows = self.cluster.query(
            "SELECT node FROM v_attempts WHERE experiment_id = ? AND state = 'RUNNING'",
            experiment)
        return rows[0][0] if rows else None

    def test_a_drained_worker_gives_its_trial_to_the_other_one(self):
        self.cluster.tutti("up", "--no-worker")
        self.start_worker("left")
        self.start_worker("right")
        wait_until("both workers", lambda: len(json.loads(self.cluster.tutti(
            "workers", "-o", "json").stdout)) == 2)
        self.allow("moved", 1)
        moved = self.submit("moved", epochs=3)
        self.wait_for_epochs(moved, 1)
        before = self.node_of(moved)
        rows = json.loads(self.cluster.tutti("workers", "drain", before, "--now",
                                             "-o", "json").stdout)
        self.assertEqual([row["draining"] for row in rows], [True])
        after = wait_until("it runs on the other worker",
                           lambda: self.node_of(moved) not in (None, before) and
                           self.node_of(moved))
        self.allow("moved", 3)
        self.finish(moved, epochs=3, attempts=2)
        # With both drained nothing runs, and why says so.
        self.cluster.tutti("agent", "disable", "--drain", after)
        self.allow("stuck", 1)
        stuck = self.submit("stuck", epochs=1)
        self.assertIn("drain", " ".join(self.why(stuck)["why"]))
        self.cluster.tutti("workers", "undrain", before)
        self.finish(stuck, epochs=1, attempts=1)
        self.assertEqual(self.cluster.query(
            "SELECT node FROM v_attempts WHERE experiment_id = ?", stuck), [(before,)])
        unknown = self.cluster.tutti("workers", "drain", "nobody", check=False)
        self.assertEqual(unknown.returncode, 3)

    def test_small_trials_share_a_slot_once_one_of_them_has_been_measured(self):
        self.cluster.tutti("up", "--slots", "1")
        packed = self.submit("packed", values="[1.0, 2.0, 3.0, 4.0, 5.0]", epochs=2,
                             resources=", packing: {max_per_slot: 3}")
        self.wait_for_state(packed, "RUNNING")
        self.assertEqual(self.states(packed).count("RUNNING"), 1)
        self.assertIn("once it is known how much memory", " ".join(self.why(packed)["why"]))
        self.allow("packed", 1)
        wait_until("three trials run on the slot",
                   lambda: self.states(packed).count("RUNNING") == 3)
        self.wait_for_epochs(packed, 3)
        self.assertEqual(self.states(packed).count("RUNNING"), 3)
        self.assertEqual(self.epochs(packed), 3)
        # Each in a process of its own.
        python = os.path.basename(os.path.realpath(sys.executable))
        self.assertEqual(len(processes_running(python, self.program)), 3)
        self.allow("packed", 2)
        self.cluster.tutti("wait", str(packed), "--timeout", "120")
        self.assertEqual(self.states(packed), ["COMPLETED"] * 5)
        self.assertEqual(self.cluster.query(
            "SELECT a.trial, e.epoch FROM epochs AS e JOIN v_attempts AS a "
            "ON a.attempt_id = e.attempt_id WHERE a.experiment_id = ? ORDER BY 1, 2", packed),
            [(f"{packed}.{trial}", epoch) for trial in range(1, 6) for epoch in (1, 2)])

    def test_why_tells_what_the_searcher_decided(self):
        self.cluster.tutti("up", "--slots", "1")
        self.allow("asha", 4)
        values = "[" + ", ".join(f"{x}.0" for x in range(1, 9)) + "]"
        asha = self.submit(
            "asha", values=values, epochs=4,
            searcher="name: async_halving, num_rungs: 2, divisor: 4, max_trials: 8, "
                     "max_concurrent_trials: 1")
        self.cluster.tutti("wait", str(asha), "--timeout", "120")
        stopped = self.cluster.query(
            "SELECT trial, message FROM v_trials WHERE experiment_id = ? AND state = 'STOPPED'",
            asha)
        self.assertGreater(len(stopped), 0)
        for trial, message in stopped:
            why = self.why(trial)
            self.assertEqual(why["state"], "STOPPED")
            self.assertIn("rung", why["why"][0])
            self.assertEqual(why["why"][0], message)
        everything = self.why(asha)
        self.assertEqual(everything["state"], "COMPLETED")
        self.assertGreaterEqual(len(everything["decisions"]), len(stopped))
        text = self.cluster.tutti("why", stopped[0][0]).stdout
        self.assertTrue(text.startswith(f"trial {stopped[0][0]} is STOPPED: "), text)
        unknown = self.cluster.tutti("why", f"{asha}.99", check=False)
        self.assertEqual(unknown.returncode, 3)


if __name__ == "__main__":
    main()
