"""Goal: with searcher.deterministic the same sweep gives the same trials whatever its delays, and says
what that cost; any decision of a run can be derived again from its journal. Method: two real clusters
with other slots, in which a program sleeps for random times; replay of the journal, and of a copy of
the database in which one reported value was changed.
"""
import json
import os
import sqlite3
import unittest

from cluster import ROOT, Cluster, ClusterTest, main

SDK = os.path.join(ROOT, "worker", "sdk", "python")

# What it reports depends on its values and its seed alone; how long that takes, on nothing.
SLEEPS = f"""
import os, random, sys, time
sys.path.insert(0, {SDK!r})
import tutti
for trial in tutti.trials():
    noise = random.Random(trial.seed)
    level = trial.hparams["x"] + 0.2 * noise.random()
    for epoch in trial.epochs():
        time.sleep(random.uniform(0, float(os.environ["DELAY"])))
        trial.report(epoch=epoch, validation_loss=level + 1 / epoch)
        with trial.save() as directory:
            open(os.path.join(directory, "epoch"), "w").write(str(epoch))
"""

SWEEP = """
name: deterministic
entrypoint: [python3, sleeps.py]
environment: {{DELAY: "{delay}"}}
reproducibility: {{experiment_seed: 11}}
hyperparameters:
  x: {{type: double, minval: 0, maxval: 1}}
searcher: {{name: {searcher}, metric: validation_loss, max_trials: 12, time_metric: epochs,
            max_time: 8, {rungs}, divisor: 2, max_concurrent_trials: 4, deterministic: true}}
replicates: {replicates}
"""

# The built-in trainer evaluates what it has, in one more attempt, when a held trial is stopped.
GLYPHS = """
name: glyphs
data: {{dataset: glyphs, options: {{train: 300, test: 100, seed: 3}}}}
model: {{preset: mnist_cnn}}
training: {{epochs: 4, batch_size: 60, optimizer: {{name: adam}}}}
reproducibility: {{experiment_seed: 11}}
hyperparameters:
  training.optimizer.lr: {{type: log, minval: -5, maxval: -2}}
searcher: {{name: {searcher}, metric: validation_loss, max_trials: 8, {rungs}, divisor: 2,
            max_concurrent_trials: 4, deterministic: true}}
evaluation: {{splits: [validation]}}
"""

# Everything that the search decides, and nothing of when.
TABLE = """
SELECT t.trial_no, t.configuration_no, t.replicate_no, t.hparams, t.seed, t.state, t.message,
  t.best_epoch, t.best_value, t.last_value, t.time_done
FROM v_trials AS t ORDER BY t.trial_no
"""


class Deterministic(ClusterTest):
    def sweep(self, cluster, slots, delay, searcher, replicates=1, text=SWEEP):
        """Runs it to its end; its trials and what `tutti run` said."""
        cluster.write("sleeps.py", SLEEPS)
        rungs = "num_rungs: 3" if searcher == "async_halving" else "max_rungs: 3"
        path = cluster.write("sweep.yaml", text.format(delay=delay, searcher=searcher, rungs=rungs,
                                                       replicates=replicates))
        cluster.tutti("up", "--slots", str(slots))
        out = cluster.tutti("run", path, timeout=100).stdout
        return cluster.query(TABLE), out

    def replay(self, cluster, expected, *arguments):
        done = cluster.tutti("replay", "all", *arguments, check=False)
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        return done.stdout

    def twice(self, searcher, replicates=1, text=SWEEP):
        other = Cluster()
        self.addCleanup(other.close)
        first, said = self.sweep(self.cluster, 2, 0.05, searcher, replicates, text)
        second, _ = self.sweep(other, 4, 0.4, searcher, replicates, text)
        self.assertGreaterEqual(len(first), 8 * replicates)
        self.assertEqual(first, second)
        states = {row[5] for row in first}
        self.assertEqual(states - {"STOPPED", "COMPLETED"}, set())
        self.assertGreater(len({row[10] for row in first}), 1, "some were stopped early")
        self.assertIn("deciding in the same order every time", said)
        cost = self.cluster.query("SELECT held_slot_s FROM v_experiments")[0][0]
        self.assertGreater(cost, 0)
        self.assertIn(f"cost {cost:.1f} slot seconds", said)
        self.assertIn("held_slot_s", self.cluster.tutti("describe", "1").stdout)
        for cluster in (self.cluster, other):
            self.assertIn(" 0 differences", self.replay(cluster, 0))

    def test_async_halving_twice(self):
        self.twice("async_halving")

    def test_adaptive_asha_with_replicates_twice(self):
        self.twice("adaptive_asha", replicates=2)

    def test_the_built_in_trainer_twice(self):
        self.twice("async_halving", text=GLYPHS)
        evaluated = self.cluster.query("SELECT count(DISTINCT trial_id) FROM v_evaluations")
        self.assertEqual(evaluated[0][0], 8, "those that were stopped while they were held, too")

    def test_replay_names_the_first_decision_that_an_edited_value_changes(self):
        self.sweep(self.cluster, 2, 0.02, "async_halving")
        self.cluster.tutti("down")
        copy = os.path.join(self.cluster.state, "copy.db")
        with sqlite3.connect(os.path.join(self.cluster.state, "tutti.db")) as original:
            with sqlite3.connect(copy) as target:
                original.backup(target)
        self.assertIn(" 0 differences", self.replay(self.cluster, 0, "--db", copy))
        database = sqlite3.connect(copy)
        seq, text = database.execute("SELECT seq, event FROM journal WHERE event LIKE "
                                     "'%\"metric_reported\"%' ORDER BY seq LIMIT 1").fetchone()
        event = json.loads(text)
        event["metrics"] = {name: value + 1 for name, value in event["metrics"].items()}
        database.execute("UPDATE journal SET event = ? WHERE seq = ?", (json.dumps(event), seq))
        database.commit()
        database.close()
        said = self.replay(self.cluster, 8, "--db", copy)
        self.assertIn("the first one", said)
        self.assertRegex(said, f"entry {seq}:")
        self.assertIn(" 0 differences", self.replay(self.cluster, 0))


if __name__ == "__main__":
    main()
