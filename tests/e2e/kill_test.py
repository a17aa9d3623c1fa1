"""Goal: kill -9 anything, and no number is lost or doubled. Method: real clusters; SIGKILL to the
coordinator, the worker and a trainer in the middle of a sweep; then every epoch row is counted."""
import os
import signal

from cluster import EXPERIMENTS, ClusterTest, main, processes_running, wait_until


class Kill(ClusterTest):
    def finish(self, experiments):
        for experiment in experiments:
            self.cluster.tutti("wait", str(experiment), "--timeout", "240")
            self.assert_epochs_exactly_once(experiment)

    def wait_for_epochs(self, count):
        wait_until(f"{count} epoch rows", lambda: (self.cluster.query_or_none(
            "SELECT count(*) FROM v_epochs WHERE name = 'loss' AND split = 'validation'")
            or [(0,)])[0][0] >= count)

    def test_coordinator_in_the_middle_of_the_quickstart(self):
        self.cluster.tutti("up")
        experiments = self.cluster.submit(os.path.join(EXPERIMENTS, "quickstart.yaml"))
        self.wait_for_epochs(3)
        victim = self.cluster.pid_in("coordinator")
        os.kill(victim, signal.SIGKILL)
        wait_until("a new coordinator",
                   lambda: self.cluster.pid_in("coordinator") not in (None, victim))
        self.finish(experiments)
        incarnations = self.cluster.query("SELECT incarnation FROM meta")
        self.assertEqual(incarnations, [(2,)])
        # The worker's trainers went on while the coordinator was away.
        self.assertEqual(self.cluster.query("SELECT count(*) FROM v_trials WHERE attempts > 1"),
                         [(0,)])

    def test_worker_dies_with_its_trainers_and_the_trials_run_again(self):
        self.cluster.tutti("up", "--slots", "2")
        experiments = self.cluster.submit(self.small(epochs=6, replicates=2))
        self.wait_for_epochs(2)
        os.kill(self.cluster.worker_pid(), signal.SIGKILL)
        wait_until("no trainer of the dead worker",
                   lambda: not processes_running("tutti-trainer", self.cluster.state) or
                   self.cluster.worker_pid())
        self.finish(experiments)

    def test_trainer_is_restarted_from_its_checkpoint(self):
        self.cluster.tutti("up", "--slots", "1")
        experiments = self.cluster.submit(self.small(epochs=12))
        self.wait_for_epochs(3)
        trainers = wait_until("a trainer",
                              lambda: processes_running("tutti-trainer", "--allocation"))
        os.kill(trainers[0], signal.SIGKILL)
        self.finish(experiments)
        restarted, = self.cluster.query("SELECT max(attempts) FROM v_trials")[0]
        self.assertGreaterEqual(restarted, 2)
        # The second attempt went on from the committed checkpoint, not from scratch.
        first_epoch, = self.cluster.query(
            "SELECT min(epoch) FROM v_epochs WHERE attempt = (SELECT max(attempt_id) FROM attempts "
            "WHERE trial_id = (SELECT trial_id FROM v_trials WHERE attempts = 2 LIMIT 1))")[0]
        self.assertGreater(first_epoch, 1)


if __name__ == "__main__":
    main()
