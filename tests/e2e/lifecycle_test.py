"""Goal: the verbs do to a real cluster what their help says. Method: small sweeps on glyphs."""
import json
import os
import subprocess

from cluster import BIN, EXPERIMENTS, ClusterTest, main, wait_until

NO_DATA = """
name: no-data
data: {dataset: mnist, root: /nowhere}
model: {preset: mnist_cnn}
training: {epochs: 1, batch_size: 32, optimizer: {name: adam}}
searcher: {name: single, metric: validation_accuracy, smaller_is_better: false}
"""


class Lifecycle(ClusterTest):
    def state_of(self, experiment):
        return self.cluster.query("SELECT state FROM v_experiments WHERE experiment_id = ?",
                                  experiment)[0][0]

    def wait_for_state(self, experiment, state):
        wait_until(f"experiment {experiment} {state}", lambda: self.state_of(experiment) == state)

    def wait_for_running(self):
        wait_until("an epoch", lambda: (self.cluster.query_or_none(
            "SELECT count(*) FROM v_epochs") or [(0,)])[0][0] > 0)

    def test_pause_keeps_what_was_done_and_resume_finishes_it(self):
        self.cluster.tutti("up")
        experiment, = self.cluster.submit(self.small(epochs=10))
        self.wait_for_running()
        self.cluster.tutti("pause", str(experiment))
        self.wait_for_state(experiment, "PAUSED")
        wait_until("free slots", lambda: self.cluster.query(
            "SELECT count(*) FROM attempts WHERE state IN ('ASSIGNED', 'RUNNING')") == [(0,)])
        before = self.cluster.query("SELECT count(*) FROM v_epochs")[0][0]
        self.cluster.tutti("resume", str(experiment))
        self.cluster.tutti("wait", str(experiment), "--timeout", "120")
        self.assert_epochs_exactly_once(experiment)
        self.assertGreater(self.cluster.query("SELECT count(*) FROM v_epochs")[0][0], before)

    def test_down_and_up_go_on_where_they_stopped(self):
        self.cluster.tutti("up")
        experiment, = self.cluster.submit(self.small(epochs=10))
        self.wait_for_running()
        self.cluster.tutti("down")
        self.assertEqual(self.state_of(experiment), "ACTIVE")
        self.cluster.tutti("up")
        self.cluster.tutti("wait", str(experiment), "--timeout", "120")
        self.assert_epochs_exactly_once(experiment)

    def test_cancel_and_kill_end_in_cancelled_with_exit_one_under_wait(self):
        self.cluster.tutti("up")
        for verb in ("cancel", "kill"):
            experiment, = self.cluster.submit(self.small(epochs=200))
            self.wait_for_running()
            self.cluster.tutti(verb, str(experiment))
            self.assertEqual(self.cluster.tutti("wait", str(experiment), "--timeout", "60",
                                                check=False).returncode, 1)
            self.assertEqual(self.state_of(experiment), "CANCELLED")
            # A terminal experiment absorbs: exit 4, says so.
            again = self.cluster.tutti("pause", str(experiment), check=False)
            self.assertEqual(again.returncode, 4, again.stderr)

    def test_two_slots_train_one_trial_data_parallel(self):
        self.cluster.tutti("up", "--slots", "2")
        experiment, = self.cluster.submit(self.small(slots=2))
        self.cluster.tutti("wait", str(experiment), "--timeout", "120")
        self.assert_epochs_exactly_once(experiment)

    def test_a_gang_larger_than_the_cluster_is_refused_with_exit_seven(self):
        self.cluster.tutti("up", "--slots", "1")
        done = self.cluster.tutti("submit", self.small(slots=2), check=False)
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertIn("2 slots", done.stderr)
        self.assertEqual(self.cluster.query("SELECT count(*) FROM v_experiments"), [(0,)])

    def test_wait_ends_at_its_timeout_although_nothing_happens(self):
        self.cluster.tutti("up", "--no-worker")
        experiment, = self.cluster.submit(self.small())
        done = self.cluster.tutti("wait", str(experiment), "--timeout", "0.5", check=False,
                                  timeout=20)
        self.assertEqual(done.returncode, 124, done.stderr)
        self.assertIn("no worker", self.cluster.tutti("describe", str(experiment)).stdout)

    def test_a_failed_run_ends_by_naming_its_failed_trials(self):
        path = self.cluster.write("no_data.yaml", NO_DATA)
        done = self.cluster.tutti("run", path, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("trial 1.1 failed: ", done.stdout)
        self.assertIn("/nowhere/mnist", done.stdout)
        self.assertIn("/nowhere/mnist", self.cluster.tutti("ls", "1").stdout)

    def test_plan_of_a_file_with_two_experiments_is_one_document(self):
        plans = json.loads(self.cluster.tutti(
            "plan", os.path.join(EXPERIMENTS, "quickstart.yaml"), "-o", "json").stdout)
        self.assertEqual([p["name"] for p in plans], ["quickstart", "quickstart-data-parallel"])

    def test_usage_errors_name_the_word_and_nouns_are_optional(self):
        wrong = self.cluster.tutti("sumbit", check=False)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("'sumbit'", wrong.stderr)
        self.cluster.tutti("up", "--no-worker")
        for noun in ("e", "experiment", "t", "trial"):
            done = subprocess.run([os.path.join(BIN, "tutti"), noun, "ls", "--state",
                                   self.cluster.state], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_formats_and_ids_are_for_scripts(self):
        self.cluster.tutti("up")
        path = self.small(epochs=1)
        submitted = json.loads(self.cluster.tutti("submit", path, "-o", "json").stdout)
        self.assertEqual(submitted["experiment_id"], 1)
        self.cluster.tutti("wait", "last", "--timeout", "120")
        rows = json.loads(self.cluster.tutti("leaderboard", "1", "-o", "json").stdout)
        self.assertEqual(len(rows), 2)
        self.assertIn("test_accuracy", rows[0])
        table = self.cluster.tutti("sql", "SELECT count(*) AS n FROM v_trials", "-o", "csv").stdout
        self.assertEqual(table, "n\n2\n")
        self.assertIn("1.1", self.cluster.tutti("ls", "1", "-o", "name").stdout)
        self.assertIn("COMPLETED", self.cluster.tutti("describe", "1.1").stdout)


if __name__ == "__main__":
    main()
