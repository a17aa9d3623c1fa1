"""Goal: a gang over two nodes trains like one on a single node, and survives the loss of a node.
Method: two workers of one slot each on this machine; Open MPI is launched through the coordinator,
without ssh. Numbers are compared with a run of the same file on one worker of two slots."""
import os
import signal
import subprocess
import unittest

from cluster import BIN, SMALL, Cluster, processes_running, wait_until

EPOCHS = """
  SELECT epoch, split, name, value FROM v_epochs
  WHERE trial_id = (SELECT trial_id FROM v_trials WHERE experiment_id = ? AND trial_no = 1)
    AND name IN ('loss', 'accuracy')
  ORDER BY epoch, split, name"""


def file_of(cluster, epochs, slots):
    text = SMALL.format(epochs=epochs, replicates=1, slots=slots)
    return cluster.write("small.yaml", text.replace("[0.001, 0.002]", "[0.001]"))


class Nodes(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster()
        self.addCleanup(self.cluster.close)
        self.workers = []
        self.addCleanup(self.end_workers)

    def end_workers(self):
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def start_worker(self, name):
        log = open(os.path.join(self.cluster.state, f"{name}.log"), "a", encoding="utf-8")
        with log:
            worker = subprocess.Popen(
                [os.path.join(BIN, "tutti-worker"), "--state", self.cluster.state, "--name", name,
                 "--slots", "1"], stdout=log, stderr=subprocess.STDOUT)
        self.workers.append(worker)
        wait_until(f"worker {name} joins", lambda: self.cluster.query_or_none(
            "SELECT 1 FROM nodes WHERE name = ? AND state = 'ONLINE'", name))
        return worker

    def single_node_numbers(self, epochs):
        other = Cluster()
        self.addCleanup(other.close)
        other.tutti("up", "--slots", "2")
        experiment, = other.submit(file_of(other, epochs, 2))
        other.tutti("wait", str(experiment))
        return other.query(EPOCHS, experiment)

    def test_a_gang_over_two_nodes_computes_what_one_node_computes(self):
        self.cluster.tutti("up", "--slots", "1")
        self.start_worker("second")
        experiment, = self.cluster.submit(file_of(self.cluster, 3, 2))
        self.cluster.tutti("wait", str(experiment))
        numbers = self.cluster.query(EPOCHS, experiment)
        self.assertEqual(len({row[0] for row in numbers}), 3)
        # The order in which ranks are summed may differ between transports, so not to the bit.
        for ours, theirs in zip(numbers, self.single_node_numbers(3), strict=True):
            self.assertEqual(ours[:3], theirs[:3])
            self.assertAlmostEqual(ours[3], theirs[3], delta=1e-3)
        self.cluster.tutti("down")
        wait_until("no process of the gang is left",
                   lambda: not processes_running("tutti-trainer", self.cluster.state) and
                   not processes_running("orted", ""), 30)

    def test_the_loss_of_a_node_costs_no_epoch(self):
        self.cluster.tutti("up", "--slots", "1")
        second = self.start_worker("second")
        experiment, = self.cluster.submit(file_of(self.cluster, 6, 2))
        wait_until("an epoch is reported", lambda: self.cluster.query_or_none(
            "SELECT 1 FROM v_epochs WHERE epoch >= 1 AND split = 'validation'"))
        second.send_signal(signal.SIGKILL)
        second.wait()
        self.start_worker("second")
        self.cluster.tutti("wait", str(experiment))
        rows = self.cluster.query(
            "SELECT epoch, count(*) FROM v_epochs WHERE split = 'validation' AND name = 'loss' "
            "GROUP BY epoch ORDER BY epoch")
        self.assertEqual(rows, [(epoch, 1) for epoch in range(1, 7)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
