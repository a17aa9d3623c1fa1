"""Goal: `tutti fork` carries weights into a new experiment, better than a start from scratch, and
refuses what does not fit without leaving anything. Method: real clusters on drawn glyphs; 10 classes
are learnt, then 36; frozen weights are compared byte by byte in the checkpoint files; the coordinator
is killed between the fork's submission and its end."""
import json
import os
import signal
import struct

from cluster import ClusterTest, main

PARENT = """
name: parent
data: {dataset: glyphs, options: {train: 3000, test: 200, seed: 3, classes: 10}}
model: {preset: mnist_cnn, width: 8, dropout: 0}
training: {epochs: 3, batch_size: 30, optimizer: {name: adam, lr: 2e-3}}
searcher: {name: single, metric: validation_accuracy, smaller_is_better: false}
"""
SCRATCH = """
name: scratch
data: {dataset: glyphs, options: {train: 2000, test: 200, seed: 5}}
model: {preset: mnist_cnn, width: 8, dropout: 0}
training: {epochs: 1, batch_size: 30, optimizer: {name: adam, lr: 2e-3}}
searcher: {name: single, metric: validation_accuracy, smaller_is_better: false}
replicates: 3
"""
# The same data, length and seeds as SCRATCH.
TO_36 = ["--set", "data.options={train: 2000, test: 200, seed: 5, classes: 36}",
         "--set", "training.epochs=1", "--set", "replicates=3"]


def tensors(path):
    """Name -> bytes of a safetensors file (8 bytes of length, a JSON header, the data)."""
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    return {name: data[slice(*entry["data_offsets"])]
            for name, entry in header.items() if name != "__metadata__"}


class Fork(ClusterTest):
    def setUp(self):
        super().setUp()
        self.cluster.tutti("up", "--slots", "1")
        self.parent, = self.cluster.submit(self.cluster.write("parent.yaml", PARENT), "--wait")

    def fork(self, *arguments, check=True):
        done = self.cluster.tutti("fork", f"{self.parent}.1@best", "-o", "name", *arguments,
                                  check=check)
        return int(done.stdout) if check else done

    def best_weights(self, trial):
        name, = self.cluster.query(
            "SELECT c.path FROM v_checkpoints AS c JOIN v_trials AS t USING (trial_id) "
            "WHERE t.trial = ? AND c.state = 'COMMITTED' ORDER BY c.metric_value DESC LIMIT 1",
            trial)[0]
        return tensors(os.path.join(self.cluster.state, "checkpoints", name, "model.safetensors"))

    def mean_accuracy(self, experiment):
        values = [v for v, in self.cluster.query(
            "SELECT validation_accuracy FROM v_leaderboard WHERE experiment_id = ?", experiment)]
        self.assertEqual(len(values), 3)
        return sum(values) / 3

    def test_learnt_features_beat_a_start_from_scratch_in_another_head(self):
        scratch, = self.cluster.submit(self.cluster.write("scratch.yaml", SCRATCH), "--wait")
        forked = self.fork(*TO_36, "--warm-start", "features.*", "--wait")
        self.assertGreater(self.mean_accuracy(forked), self.mean_accuracy(scratch) + 0.02)

    def test_frozen_weights_stay_to_the_byte_and_a_killed_coordinator_changes_nothing(self):
        forked = self.fork(*TO_36, "--warm-start", "features.*", "--freeze", "features.*")
        os.kill(self.cluster.pid_in("coordinator"), signal.SIGKILL)
        self.cluster.tutti("wait", str(forked))
        parent, child = self.best_weights(f"{self.parent}.1"), self.best_weights(f"{forked}.1")
        frozen = [name for name in parent if name.startswith("features.")]
        self.assertEqual(len(frozen), 4)  # weight and bias of two convolutions
        for name in frozen:
            self.assertEqual(parent[name], child[name], name)
        head = [name for name in child if name.startswith("classifier.")]
        self.assertTrue(head)
        self.assertTrue(all(parent[name] != child[name] for name in head))

    def test_what_does_not_fit_is_named_and_leaves_no_experiment(self):
        for arguments, code, words in (
                (["--warm-start", "featurs.*"], 2, ["featurs.*", "features.0.*"]),
                (["--set", "training.epoch=3"], 2, ["training.epoch", "did you mean"]),
        ):
            done = self.fork(*arguments, check=False)
            self.assertEqual(done.returncode, code, done.stderr)
            for word in words:
                self.assertIn(word, done.stderr)
        missing = self.cluster.tutti("fork", f"{self.parent}.1@e99", check=False)
        self.assertEqual(missing.returncode, 3, missing.stderr)
        self.assertIn("e99", missing.stderr)
        self.assertEqual(self.cluster.query("SELECT count(*) FROM v_experiments"), [(1,)])

    def test_a_head_of_another_size_fails_and_names_both_shapes(self):
        done = self.fork(*TO_36, "--wait", check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        (message,) = self.cluster.query("SELECT DISTINCT message FROM v_trials WHERE state = 'ERROR'")[0]
        self.assertIn("36", message)
        self.assertIn("10", message)
        self.assertIn("classifier.", message)
        self.assertEqual(self.cluster.query("SELECT count(*) FROM v_checkpoints AS c JOIN v_trials "
                                            "AS t USING (trial_id) WHERE t.experiment_id > 1"),
                         [(0,)])


if __name__ == "__main__":
    main()
