"""Goal: any program is a trainer like the built-in one: searched, stopped early, restarted from its
checkpoint, paused, logged and recorded. Method: real clusters; the PyTorch and the shell example, and
small programs with the SDK whose behaviour the test decides.
"""
import os
import signal

from cluster import EXPERIMENTS, ROOT, ClusterTest, main, wait_until

PYTHON = os.environ.get("TUTTI_TEST_PYTHON") or "python3"  # has torch
SDK = os.path.join(ROOT, "worker", "sdk", "python")

# The example, but the second trial dies without a word after its second epoch, once.
DIES_ONCE = f"""
import os, sys
sys.path[:0] = [{SDK!r}, {os.path.join(SDK, "examples")!r}]
import tutti, train_digits
save = tutti.Trial._hand_over
def hand_over(self, directory, epoch, step):
    save(self, directory, epoch, step)
    if self.id.endswith(".2") and self._epoch == 1 and not self.checkpoint:
        os._exit(13)
tutti.Trial._hand_over = hand_over
sys.argv = ["train_digits.py", "--items", "400"]
train_digits.main()
"""

ASHA = """
name: pytorch-asha
entrypoint: [{python}, dies_once.py]
hyperparameters:
  lr: {{type: categorical, vals: [0.003, 0.00001]}}
  width: 8
searcher: {{name: async_halving, metric: validation_accuracy, smaller_is_better: false,
            max_trials: 6, max_concurrent_trials: 2, time_metric: epochs, max_time: 4,
            num_rungs: 2, divisor: 2}}
"""

# Counts epochs; waits for the test at `gate` (a file), if its name is given.
COUNTS = f"""
import json, os, sys, time
sys.path.insert(0, {SDK!r})
import tutti
trial = tutti.trial()
print("process", os.getpid(), flush=True)
if trial.hparams.get("x", 0) % 2:
    raise tutti.InvalidHparams("x is odd: %d" % trial.hparams["x"])
for epoch in trial.epochs():
    trial.report(epoch=epoch, validation_loss=1 / epoch, train_pid=os.getpid())
    with trial.save() as directory:
        json.dump(epoch, open(directory + "/epoch.json", "w"))
    while epoch == 2 and not os.path.exists(os.environ["GATE"]) and not trial.should_stop():
        time.sleep(0.02)
print("ended:", trial.stop_reason, flush=True)
"""

SINGLE = """
name: counts
entrypoint: [python3, counts.py]
environment: {{GATE: {gate}}}
searcher: {{name: {searcher}, metric: validation_loss, time_metric: epochs, max_time: {epochs}}}
"""


class Entrypoint(ClusterTest):
    def counts(self, searcher="single", epochs=4, more="", opened=False):
        self.cluster.write("counts.py", COUNTS)
        self.gate = os.path.join(self.cluster.state, "gate")
        if opened:
            self.cluster.write("gate", "")
        return self.cluster.write(
            "counts.yaml", SINGLE.format(gate=self.gate, searcher=searcher, epochs=epochs) + more)

    def attempts(self, trial):
        return self.cluster.query(
            "SELECT state, failure, resumed_from_epoch FROM v_attempts WHERE trial = ? "
            "ORDER BY attempt", trial)

    def epochs(self, trial):
        return [row[0] for row in self.cluster.query(
            "SELECT e.epoch FROM v_epochs e JOIN v_trials t USING (trial_id) WHERE t.trial = ? "
            "AND split = 'validation' ORDER BY epoch", trial)]

    def wait_for_epoch(self, trial, epoch):
        wait_until(f"epoch {epoch} of {trial}", lambda: (self.cluster.query_or_none(
            "SELECT max(e.epoch) FROM v_epochs e JOIN v_trials t USING (trial_id) "
            "WHERE t.trial = ?",
            trial) or [(0,)])[0][0] == epoch)

    def pid_of(self, trial):
        return int(self.cluster.query(
            "SELECT e.value FROM v_epochs e JOIN v_trials t USING (trial_id) WHERE t.trial = ? "
            "AND e.name = 'pid' ORDER BY e.epoch DESC", trial)[0][0])

    def test_a_pytorch_script_in_an_asha_sweep(self):
        self.cluster.tutti("up", "--slots", "2")
        self.cluster.write("dies_once.py", DIES_ONCE)
        path = self.cluster.write("asha.yaml", ASHA.format(python=PYTHON))
        experiment, = self.cluster.submit(path)
        self.cluster.tutti("wait", str(experiment), "--timeout", "200")
        trials = self.cluster.query(
            "SELECT trial, state, message, last_value FROM v_trials ORDER BY trial_no")
        self.assertEqual(len(trials), 6)
        self.assertEqual({state for _, state, _, _ in trials} - {"COMPLETED", "STOPPED"}, set())
        stopped = [(trial, message) for trial, state, message, _ in trials if state == "STOPPED"
                   and len(self.epochs(trial)) < 4]
        self.assertGreater(len(stopped), 0, trials)
        for trial, message in stopped:
            self.assertIn("rung", message)
        for trial, _, _, value in trials:
            epochs = self.epochs(trial)
            self.assertEqual(epochs, list(range(1, len(epochs) + 1)), "each exactly once")
            self.assertGreaterEqual(value, 0)
            self.assertIn("epoch 1: loss", self.cluster.tutti("logs", trial).stdout)
        second = f"{experiment}.2"
        self.assertEqual(self.attempts(second)[:2][0][:2], ("ERROR", "USER"))
        # It died before its first rung, so that no decision could come between.
        self.assertEqual(self.attempts(second)[1][2], 1, "resumed after epoch 1")
        self.assertIn("resumed after epoch 1", self.cluster.tutti("logs", second).stdout)
        kept = self.cluster.query("SELECT count(*) FROM v_checkpoints WHERE state = 'COMMITTED'")
        self.assertGreater(kept[0][0], 0)

    def test_a_program_that_is_killed_goes_on_from_its_checkpoint(self):
        self.cluster.tutti("up", "--slots", "1")
        experiment, = self.cluster.submit(self.counts())
        trial = f"{experiment}.1"
        wait_until("a checkpoint of epoch 2", lambda: self.cluster.query_or_none(
            "SELECT 1 FROM v_checkpoints WHERE epoch = 2 AND state = 'COMMITTED'"))
        os.kill(self.pid_of(trial), signal.SIGKILL)
        self.cluster.write("gate", "")
        self.cluster.tutti("wait", str(experiment), "--timeout", "100")
        self.assertEqual(self.attempts(trial), [("ERROR", "INFRA", 0), ("COMPLETED", "", 2)])
        # Nothing stands where only the built-in trainer has numbers.
        board = self.cluster.tutti("leaderboard", str(experiment)).stdout
        self.assertIn("wall_s", board)
        self.assertNotIn("test_accuracy", board)
        self.assertNotIn("parameters", board)
        self.assertEqual(self.epochs(trial), [1, 2, 3, 4])

    def test_pause_and_resume(self):
        self.cluster.tutti("up", "--slots", "1")
        experiment, = self.cluster.submit(self.counts())
        trial = f"{experiment}.1"
        self.wait_for_epoch(trial, 2)
        self.cluster.tutti("pause", str(experiment))
        wait_until("it has given up its slot", lambda: [a[0] for a in self.attempts(trial)] ==
                   ["PREEMPTED"])
        wait_until("its last words", lambda: "ended: checkpoint" in self.cluster.tutti(
            "logs", trial).stdout)
        self.cluster.write("gate", "")
        self.cluster.tutti("resume", str(experiment))
        self.cluster.tutti("wait", str(experiment), "--timeout", "100")
        self.assertEqual(self.attempts(trial)[1], ("COMPLETED", "", 2))
        self.assertEqual(self.epochs(trial), [1, 2, 3, 4])

    def test_values_that_cannot_be_trained_are_replaced(self):
        self.cluster.tutti("up", "--slots", "2")
        path = self.counts("random", epochs=1, opened=True, more="""
hyperparameters:
  x: {type: int, minval: 1, maxval: 1000}
""")
        experiment, = self.cluster.submit(path, "--set", "searcher.max_trials=6")
        self.cluster.tutti("wait", str(experiment), "--timeout", "100")
        rows = self.cluster.query("SELECT state, message, json_extract(hparams, '$.x'), attempts "
                                  "FROM v_trials")
        completed = [x for state, _, x, _ in rows if state == "COMPLETED"]
        invalid = [(x, message, n) for state, message, x, n in rows if state == "ERROR"]
        self.assertEqual((len(completed), {x % 2 for x in completed}), (6, {0}))
        self.assertEqual(len(completed) + len(invalid), len(rows))
        for x, message, attempts in invalid:
            self.assertIn(f"x is odd: {x}", message)
            self.assertEqual(attempts, 1, "no restart")

    def test_a_shell_script(self):
        self.cluster.tutti("up", "--slots", "2")
        experiment, = self.cluster.submit(os.path.join(EXPERIMENTS, "entrypoint_shell.yaml"))
        self.cluster.tutti("wait", str(experiment), "--timeout", "150")
        trials = self.cluster.query("SELECT trial, state, message FROM v_trials")
        self.assertEqual(len(trials), 12)
        stopped = [(t, m) for t, state, m in trials
                   if state == "STOPPED" and len(self.epochs(t)) < 9]
        self.assertGreater(len(stopped), 0)
        for trial, message in stopped:
            self.assertIn("rung", message)
        self.assertIn("epoch 1: y =", self.cluster.tutti("logs", f"{experiment}.1").stdout)


if __name__ == "__main__":
    main()
