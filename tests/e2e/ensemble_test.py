"""Goal: ensembles are jobs: their members train, they are evaluated from stored predictions, and
what is stored of them is true, whatever fails meanwhile. Method: real clusters on drawn glyphs;
accuracies recomputed here in plain Python from the stored logits, all other numbers by
recompute_evaluations."""
import json
import math
import os
import signal
import struct
import subprocess

from cluster import BIN, ClusterTest, main, wait_until

BASE = """
name: {name}
data: {{{data}splits: {{validation: 0.25}}}}
model: {model}
training: {{epochs: {epochs}, batch_size: 50, optimizer: {{name: adam, lr: 2e-3}}, on_nan: stop}}
{search}
ensemble: {ensemble}
max_restarts: 0
resources: {{slots_per_trial: 1}}
"""
GLYPHS = "dataset: glyphs, options: {train: 400, test: 100, seed: 3}, "
SINGLE = "searcher: {name: single, metric: validation_accuracy, smaller_is_better: false}"
GRID = "searcher: {name: grid, metric: validation_accuracy, smaller_is_better: false}"
TWO_NETWORKS = ("hyperparameters: {model: {type: categorical, "
                "vals: [{preset: mnist_cnn}, {preset: mlp}]}}\n" + GRID)
# With the third optimiser the loss is soon no number.
RATES = ("hyperparameters: {training.optimizer: {type: categorical, vals: [{name: adam, lr: 0.001},"
         " {name: adam, lr: 0.002}, {name: sgd, lr: 1000}]}}\n" + GRID)


def softmax(logits):
    top = max(logits)
    exps = [math.exp(x - top) for x in logits]
    return [x / sum(exps) for x in exps]


class Ensembles(ClusterTest):
    def experiment(self, name, ensemble, search=SINGLE, model="{preset: mnist_cnn}", epochs=1,
                   data=GLYPHS):
        return self.cluster.write(name + ".yaml", BASE.format(
            name=name, ensemble=ensemble, search=search, model=model, epochs=epochs, data=data))

    def recompute(self):
        done = subprocess.run(
            [os.path.join(os.path.dirname(BIN), "tests", "recompute_evaluations"),
             os.path.join(self.cluster.state, "tutti.db")], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def show(self, ensemble):
        return json.loads(
            self.cluster.tutti("ensemble", "show", str(ensemble), "-o", "json").stdout)

    def predictions(self, trial, split):
        """item -> (label, probabilities) of the best checkpoint's latest evaluation."""
        evaluation, classes = self.cluster.query(
            "SELECT evaluation_id, classes FROM v_evaluations WHERE trial = ? AND split = ? "
            "ORDER BY evaluation_id DESC LIMIT 1", trial, split)[0]
        rows = self.cluster.query(
            "SELECT i.item, i.label, p.logits FROM evaluations AS e "
            "JOIN predictions AS p ON p.evaluation_id = e.evaluation_id "
            "JOIN split_items AS i ON i.split_id = e.split_id AND i.position = p.position "
            "WHERE e.evaluation_id = ?", evaluation)
        return {item: (label, softmax(struct.unpack(f"<{classes}f", logits)))
                for item, label, logits in rows}

    def mean_accuracy(self, trials, split):
        """Of the mean probability over the items that all have, and how many these are."""
        members = [self.predictions(trial, split) for trial in trials]
        items = set.intersection(*(set(member) for member in members))
        right = 0
        for item in items:
            mean = [sum(p) for p in zip(*(member[item][1] for member in members))]
            right += mean.index(max(mean)) == members[0][item][0]
        return right / len(items), len(items)

    def test_replicates_with_validation_splits_of_their_own(self):
        path = self.experiment("replicates", "{members: 3}", epochs=2,
                               data=GLYPHS + "split_seed: per_trial, ")
        done = self.cluster.tutti("run", path)
        self.assertIn("mean_probability of 3 members, COMPLETED", done.stdout)
        self.assertIn("ensemble without it", done.stdout)
        for split in ("validation", "test"):
            accuracy, n = self.mean_accuracy(["1.1", "1.2", "1.3"], split)
            self.assertEqual(self.cluster.query(
                "SELECT accuracy, n FROM v_ensembles WHERE split = ?", split), [(accuracy, n)])
        # A member validates on 100 items; three splits of their own share few.
        self.assertLess(self.cluster.query(
            "SELECT n FROM v_ensembles WHERE split = 'validation'")[0][0], 50)
        self.assertIn("1 ensembles", self.recompute())
        self.check_files()

    def check_files(self):
        kaggle = self.cluster.tutti("export", "--ensemble", "last", "--format", "kaggle").stdout
        lines = kaggle.split()
        self.assertEqual(lines[0], "ImageId,Label")
        self.assertEqual([int(line.split(",")[0]) for line in lines[1:]], list(range(1, 101)))
        rows = [json.loads(line) for line in self.cluster.tutti(
            "export", "--ensemble", "last", "--format", "jsonl").stdout.splitlines()]
        self.assertEqual([row["predicted"] for row in rows],
                         [line.split(",")[1] for line in lines[1:]])
        accuracy, = self.cluster.query("SELECT accuracy FROM v_ensembles WHERE split = 'test'")[0]
        self.assertEqual(sum(row["predicted"] == row["true"] for row in rows) / 100, accuracy)
        path = os.path.join(self.cluster.state, "submission.csv")
        self.cluster.tutti("export", "1.2", "--format", "kaggle", "--out", path)
        with open(path, encoding="utf-8") as f:
            self.assertEqual(len(f.readlines()), 101)

    def write_kaggle(self, name, items, labelled):
        """Pictures of a bright bar; which of four rows it is in is the class."""
        header = [f"pixel{i}" for i in range(64)]
        with open(os.path.join(self.cluster.state, name), "w", encoding="utf-8") as f:
            f.write(",".join((["label"] if labelled else []) + header) + "\n")
            for i in range(items):
                pixels = [200 + i % 50 if row // 2 == i % 4 else 0
                          for row in range(8) for _ in range(8)]
                f.write(",".join(map(str, ([i % 4] if labelled else []) + pixels)) + "\n")

    def test_a_competition_without_labels_of_the_test_split(self):
        self.write_kaggle("train.csv", 160, True)
        self.write_kaggle("test.csv", 20, False)
        path = self.experiment(
            "kaggle", "{members: 2}", epochs=6, model="{preset: mlp}",
            data="dataset: csv, root: ., options: {train: train.csv, test: test.csv, "
                 "shape: [1, 8, 8]}, ")
        done = self.cluster.tutti("run", path)
        self.assertIn("test: 20 items without labels", done.stdout)
        self.assertEqual(self.cluster.query(
            "SELECT accuracy, loss, n FROM v_ensembles WHERE split = 'test'"), [(None, None, 20)])
        self.assertEqual(self.cluster.query(
            "SELECT DISTINCT accuracy, loss, nonfinite, labelled FROM v_evaluations "
            "WHERE split = 'test'"), [(None, None, None, 0)])
        right, = self.cluster.query(
            "SELECT accuracy FROM v_ensembles WHERE split = 'validation'")[0]
        self.assertEqual(right, 1.0)
        submission = self.cluster.tutti("export", "--ensemble", "1", "--format", "kaggle").stdout
        self.assertEqual(submission.split(),
                         ["ImageId,Label"] + [f"{i + 1},{i % 4}" for i in range(20)])
        self.recompute()

    def test_architectures_queries_snapshots_and_other_classes(self):
        self.cluster.tutti("up", "--slots", "2")
        self.cluster.submit(self.experiment("architectures", "{members: all, combine: greedy}",
                                            TWO_NETWORKS, epochs=2))
        self.cluster.tutti("wait", "1")
        self.cluster.submit(self.experiment("snapshots", "{members: {snapshots: 2}}", epochs=4))
        self.cluster.submit(self.experiment(
            "query", "{members: {query: \"SELECT trial FROM v_leaderboard WHERE experiment_id = 1 "
            "ORDER BY rank\"}}"))
        self.cluster.submit(self.experiment("few", "{members: 2}",
                                            data=GLYPHS + "classes: [0, 1, 2], "))
        for experiment in ("2", "3", "4"):
            self.cluster.tutti("wait", experiment)
        greedy, snapshots, query, _ = [self.show(i) for i in self.ids_by_experiment()]
        self.assertEqual(greedy["combine"], "greedy")
        self.assertAlmostEqual(sum(m["weight"] for m in greedy["members"]), 1)
        self.assertEqual([m["checkpoint"] for m in snapshots["members"]], ["2.1@e2", "2.1@e4"])
        self.assertEqual({m["trial"] for m in query["members"]}, {"1.1", "1.2"})
        accuracy, n = self.mean_accuracy(["1.1", "1.2"], "test")
        self.assertIn((accuracy, n), self.cluster.query(
            "SELECT accuracy, n FROM v_ensemble_evaluations WHERE ensemble_id = ? "
            "AND split = 'test' AND chosen = 1", query["ensemble_id"]))
        self.check_on_request()
        self.recompute()

    def ids_by_experiment(self):
        return [row[0] for row in self.cluster.query(
            "SELECT DISTINCT ensemble_id FROM v_ensembles WHERE experiment_id IS NOT NULL "
            "ORDER BY experiment_id")]

    def check_on_request(self):
        made = json.loads(self.cluster.tutti(
            "ensemble", "create", "1.1", "2.1@e2", "--weights", "3,1", "-o", "json").stdout)
        self.assertEqual([m["weight"] for m in made["members"]], [0.75, 0.25])
        again = json.loads(self.cluster.tutti(
            "ensemble", "evaluate", "last", "--combine", "majority_vote", "-o", "json").stdout)
        self.assertEqual((again["ensemble_id"], again["combine"]),
                         (made["ensemble_id"], "majority_vote"))
        refused = self.cluster.tutti("ensemble", "create", "1.1", "4.1", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("1.1@", refused.stderr)
        self.assertIn("36 classes", refused.stderr)
        self.assertIn("4.1@", refused.stderr)
        self.assertIn("3 classes (0 1 2)", refused.stderr)
        self.assertEqual(self.cluster.tutti("ensemble", "create", "1.7", check=False).returncode, 3)
        self.assertEqual(self.cluster.tutti("ensemble", "create", check=False).returncode, 2)

    def test_a_member_that_fails_is_left_out_while_enough_remain(self):
        self.cluster.tutti("up", "--slots", "2")
        for least in (2, 3):
            self.cluster.submit(self.experiment(f"least{least}",
                                                f"{{members: all, min_members: {least}}}", RATES,
                                                epochs=3))
        self.cluster.tutti("wait", "1")
        self.assertEqual(self.cluster.tutti("wait", "2", check=False).returncode, 1)
        two, three = [self.show(i) for i in self.ids_by_experiment()]
        self.assertEqual(two["state"], "COMPLETED")
        self.assertIsNotNone(two["members"][2]["left_out"])
        self.assertEqual([m["trial"] for m in two["members"][:2]], ["1.1", "1.2"])
        self.assertEqual(three["state"], "FAILED")
        self.assertEqual(self.cluster.query(
            "SELECT experiment_id, state FROM v_experiments ORDER BY experiment_id"),
            [(1, "COMPLETED"), (2, "ERROR")])
        message, = self.cluster.query(
            "SELECT message FROM v_experiments WHERE experiment_id = 2")[0]
        self.assertIn("ensemble", message)
        self.recompute()

    def test_a_coordinator_killed_when_the_members_have_ended(self):
        self.cluster.tutti("up", "--slots", "2")
        self.cluster.submit(self.experiment("killed", "{members: 2}"))
        wait_until("the members", lambda: (self.cluster.query_or_none(
            "SELECT count(*) FROM v_trials WHERE state = 'COMPLETED'") or [(0,)])[0][0] == 2)
        victim = self.cluster.pid_in("coordinator")
        os.kill(victim, signal.SIGKILL)
        wait_until("a new coordinator",
                   lambda: self.cluster.pid_in("coordinator") not in (None, victim))
        self.cluster.tutti("wait", "1", "--timeout", "120")
        accuracy, n = self.mean_accuracy(["1.1", "1.2"], "test")
        self.assertEqual(self.cluster.query(
            "SELECT state, accuracy, n FROM v_ensembles WHERE split = 'test'"),
            [("COMPLETED", accuracy, n)])
        self.assertEqual(self.cluster.query("SELECT count(DISTINCT ensemble_id) FROM v_ensembles"),
                         [(1,)])
        self.recompute()


if __name__ == "__main__":
    main()
