"""Goal: what the README promises a newcomer. Method: `tutti run experiments/quickstart.yaml` on an
empty state directory with the real programs, then the database read with Python's sqlite3."""
import os
import subprocess

from cluster import BIN, EXPERIMENTS, ClusterTest, main


class Quickstart(ClusterTest):
    def test_run_compares_architectures_and_keeps_every_number(self):
        done = self.cluster.tutti("run", os.path.join(EXPERIMENTS, "quickstart.yaml"))
        self.assertIn("configuration", done.stdout)
        self.assertEqual([s for (s,) in self.cluster.query("SELECT state FROM v_experiments")],
                         ["COMPLETED", "COMPLETED"])
        self.assertEqual(self.cluster.query(
            "SELECT count(*), count(DISTINCT hparams), count(DISTINCT seed) FROM v_trials "
            "WHERE experiment_id = 1"), [(8, 4, 8)])
        for experiment in (1, 2):
            self.assert_epochs_exactly_once(experiment)
        # A model that has learnt nothing is right once in 36 times.
        worst, = self.cluster.query("SELECT min(test_accuracy) FROM v_leaderboard")[0]
        self.assertGreater(worst, 0.3)
        self.check_evaluations()
        self.check_nothing_is_left()

    def check_evaluations(self):
        evaluations = self.cluster.query(
            "SELECT evaluation_id, n, accuracy FROM v_evaluations WHERE split = 'test'")
        self.assertEqual(len(evaluations), 9)
        evaluation, n, accuracy = evaluations[0]
        # Accuracy recomputed in SQL from the stored logits is the stored accuracy, exactly.
        self.assertEqual(self.cluster.query(
            "SELECT count(*), avg(true_class = predicted_class) FROM v_predictions "
            "WHERE evaluation_id = ?", evaluation), [(n, accuracy)])
        for view in ("v_roc", "v_pr", "v_confusion", "v_per_class"):
            count, = self.cluster.query(
                f"SELECT count(*) FROM {view} WHERE evaluation_id = ?", evaluation)[0]
            self.assertGreaterEqual(count, 36, view)
        total, = self.cluster.query(
            "SELECT sum(n) FROM v_confusion WHERE evaluation_id = ?", evaluation)[0]
        self.assertEqual(total, n)
        # Every number of every evaluation, recomputed by experiments/metrics from the logits.
        recompute = subprocess.run(
            [os.path.join(os.path.dirname(BIN), "tests", "recompute_evaluations"),
             os.path.join(self.cluster.state, "tutti.db")], capture_output=True, text=True)
        self.assertEqual(recompute.returncode, 0, recompute.stdout + recompute.stderr)

    def check_nothing_is_left(self):
        self.assertIsNone(self.cluster.pid_in("coordinator"))
        self.assertIsNone(self.cluster.pid_in("supervisor"))
        # The results stay readable without a cluster.
        self.assertIn("quickstart", self.cluster.tutti("ls").stdout)
        self.assertIn("test_accuracy", self.cluster.tutti("leaderboard", "1").stdout)


if __name__ == "__main__":
    main()
