"""Goal: tasks (`tutti evaluate`) give the right numbers, and neither a killed trainer nor a killed
coordinator does more harm than an error for the client. Method: real clusters on drawn glyphs;
numbers are compared with those of the training and recomputed from the stored logits; SIGKILL while
a task is open; every trial's attempts and restarts are counted."""
import json
import os
import signal
import subprocess

from cluster import BIN, ClusterTest, main, processes_running, wait_until

SINGLE = """
name: single
data: {dataset: glyphs, options: {train: 600, test: 200, seed: 3}}
model: {preset: mnist_cnn}
training: {epochs: 2, batch_size: 60, optimizer: {name: adam, lr: 1e-3}}
searcher: {name: single, metric: validation_accuracy, smaller_is_better: false}
"""

# So many items that a task on them can be killed; they are drawn in a second.
MANY = ["--set", "data.options.train=60000", "--splits", "train"]


class Tasks(ClusterTest):
    def train(self):
        self.cluster.tutti("up", "--slots", "1")
        done = json.loads(self.cluster.tutti("submit", self.cluster.write("single.yaml", SINGLE),
                                             "--wait", "-o", "json").stdout)
        self.assertEqual(done["state"], "COMPLETED")
        self.experiment = done["experiment_id"]

    def evaluate(self, *arguments, check=True):
        done = self.cluster.tutti("evaluate", f"{self.experiment}.1@best", "-o", "json", *arguments,
                                  check=check)
        return json.loads(done.stdout) if check else done

    def start_evaluate(self, *arguments):
        return subprocess.Popen(
            [os.path.join(BIN, "tutti"), "--state", self.cluster.state, "evaluate",
             f"{self.experiment}.1@best", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for_task(self, state="RUNNING"):
        wait_until("a task that runs", lambda: self.cluster.query_or_none(
            "SELECT 1 FROM attempts WHERE kind = 'evaluate' AND state = ?", state))

    def assert_trials_undisturbed(self):
        self.assertEqual(self.cluster.query(
            "SELECT DISTINCT state, attempts, restarts FROM v_trials"), [("COMPLETED", 1, 0)])

    def test_numbers_are_those_of_the_training_and_of_the_stored_logits(self):
        self.train()
        again, = self.evaluate()
        stored = self.cluster.query("SELECT n, accuracy, loss, macro_auc, ece FROM v_evaluations "
                                    "WHERE split = 'test' AND dataset IS NULL")
        self.assertEqual(stored, [tuple(again[k] for k in ("n", "accuracy", "loss", "macro_auc",
                                                           "ece"))])
        other, = self.evaluate("--set", "data.options.seed=77")
        self.assertEqual((other["dataset"], other["n"]), ("glyphs", 200))
        self.assertNotEqual(other["loss"], again["loss"])
        both = self.evaluate("--set", "data.options.seed=77", "--splits", "test,validation")
        self.assertEqual([row["split"] for row in both], ["test", "validation"])
        self.assertEqual(both[0]["loss"], other["loss"])
        self.assertEqual(self.cluster.query(
            "SELECT count(*) FROM v_evaluations WHERE dataset = 'glyphs'"), [(4,)])
        recomputed = subprocess.run(
            [os.path.join(os.path.dirname(BIN), "tests", "recompute_evaluations"),
             os.path.join(self.cluster.state, "tutti.db")], capture_output=True, text=True)
        self.assertEqual(recomputed.returncode, 0, recomputed.stdout + recomputed.stderr)
        # The trial, its leaderboard and its epochs are what they were.
        self.assert_trials_undisturbed()
        self.assertEqual(self.cluster.query("SELECT test_accuracy FROM v_leaderboard"),
                         [(again["accuracy"],)])

    def test_what_does_not_fit_is_refused_by_both_names_and_the_trainer_stays(self):
        self.train()
        trainers = processes_running("tutti-trainer", self.cluster.state)
        rows = ["label," + ",".join(f"p{i}" for i in range(64))]
        rows += [f"{label}," + ",".join(["128"] * 64) for label in range(10)]
        self.cluster.write("small.csv", "\n".join(rows) + "\n")
        options = json.dumps({"train": os.path.join(self.cluster.state, "small.csv"),
                              "test": os.path.join(self.cluster.state, "small.csv"),
                              "label": "label", "shape": [1, 8, 8]})
        cases = [(["--set", "data.options.classes=10"], 2, ["36 (", "10 ("]),
                 (["--set", "data.dataset=csv", "--set", "data.options=" + options], 2,
                  ["1x8x8", "1x28x28"]),
                 (["--set", "training.epochs=5"], 2, ["data.*"]),
                 (["--splits", "test,rest"], 2, ["'rest'"])]
        for arguments, code, words in cases:
            done = self.evaluate(*arguments, check=False)
            self.assertEqual(done.returncode, code, done.stderr)
            for word in words:
                self.assertIn(word, done.stderr)
        done = self.cluster.tutti("evaluate", f"{self.experiment}.1@e9", check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("@e2", done.stderr)
        self.assertEqual(processes_running("tutti-trainer", self.cluster.state), trainers)
        self.evaluate()

    def test_a_killed_trainer_is_an_error_and_the_next_task_is_served(self):
        self.train()
        client = self.start_evaluate(*MANY)
        self.wait_for_task()
        os.kill(processes_running("tutti-trainer", self.cluster.state)[0], signal.SIGKILL)
        _, message = client.communicate(timeout=120)
        self.assertEqual(client.returncode, 1, message)
        self.assertIn("the task failed", message)
        self.evaluate()
        self.assert_trials_undisturbed()

    def test_a_killed_coordinator_is_an_error_and_its_successor_forgets_the_task(self):
        self.train()
        client = self.start_evaluate(*MANY)
        self.wait_for_task()
        victim = self.cluster.pid_in("coordinator")
        os.kill(victim, signal.SIGKILL)
        _, message = client.communicate(timeout=60)
        self.assertEqual(client.returncode, 5, message)
        wait_until("a new coordinator",
                   lambda: self.cluster.pid_in("coordinator") not in (None, victim))
        self.evaluate()
        self.assertEqual(self.cluster.query("SELECT count(*) FROM attempts WHERE kind = 'evaluate' "
                                            "AND state IN ('ASSIGNED', 'RUNNING')"), [(0,)])
        self.assert_trials_undisturbed()

    def test_an_interrupted_client_frees_the_slot(self):
        self.train()
        client = self.start_evaluate(*MANY)
        self.wait_for_task()
        client.send_signal(signal.SIGINT)
        client.communicate(timeout=60)
        self.assertEqual(client.returncode, 130)
        wait_until("the end of the task", lambda: self.cluster.query(
            "SELECT 1 FROM attempts WHERE kind = 'evaluate' AND state = 'STOPPED'"))
        self.evaluate()

    def test_while_all_slots_train_a_task_waits_and_preempts_nobody(self):
        self.train()
        busy = self.cluster.submit(self.small(epochs=12))[0]
        wait_until("a running trial", lambda: self.cluster.query(
            "SELECT 1 FROM v_trials WHERE experiment_id = ? AND state = 'RUNNING'", busy))
        client = self.start_evaluate()
        out, message = client.communicate(timeout=240)
        self.assertEqual(client.returncode, 0, message)
        self.assertIn("glyphs", out)
        self.cluster.tutti("wait", str(busy), "--timeout", "240")
        self.assert_trials_undisturbed()

    def test_without_a_cluster_one_is_started_for_the_command(self):
        self.train()
        self.cluster.tutti("down")
        self.evaluate()
        self.assertIsNone(self.cluster.pid_in("coordinator"))


if __name__ == "__main__":
    main()
