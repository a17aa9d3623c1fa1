"""Goal: `tutti report` of a real sweep is one page that needs nothing else, its numbers are the
database's, and --check finds every edit. Method: trains a few short trials, writes the report in
every format, checks it, edits it, and checks it again."""
import os
import re
import shutil
import sqlite3
import stat
import unittest

import cluster

SWEEP = """
name: "report <script>alert(1)</script>"
data: {dataset: glyphs, options: {train: 600, test: 200, seed: 3}}
model: {preset: mnist_cnn}
training: {epochs: 2, batch_size: 60, optimizer: {name: adam, lr: 1e-3}}
hyperparameters:
  training.optimizer.lr: {type: categorical, vals: [0.001, 0.002]}
searcher: {name: grid, metric: validation_accuracy, smaller_is_better: false}
replicates: 2
ensemble: {members: 2, combine: mean_probability}
evaluation: {predictions: best}
resources: {slots_per_trial: 1}
"""
COUNT = re.compile(r"(\d+) numbers checked, (\d+) differ")


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cluster.Cluster()
        cls.addClassCleanup(cls.cluster.close)
        cls.file = cls.cluster.write("sweep.yaml", SWEEP)
        cls.cluster.tutti("run", cls.file)

    def path(self, name):
        return os.path.join(self.cluster.state, name)

    def check(self, path, *arguments):
        done = self.cluster.tutti("report", "--check", path, *arguments, check=False)
        found = COUNT.search(done.stdout)
        self.assertIsNotNone(found, done.stdout + done.stderr)
        return done, int(found.group(1)), int(found.group(2))

    def page(self, name="page.html", *arguments):
        self.cluster.tutti("report", "1", "--out", self.path(name), *arguments)
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def test_a_page_needs_nothing_else_and_every_number_is_the_databases(self):
        html = self.page()
        self.assertLess(len(html.encode()), 3_000_000)
        self.assertIsNone(re.search(r"https?:(?!//www\.w3\.org/2000/svg\")", html))
        self.assertIsNone(re.search(r"<(link|img|iframe)[^>]*(src|href)=\"(?!data:)", html))
        self.assertFalse("<script>alert" in html)
        for section in ("leaderboard", "training", "classes", "curves", "confidence", "pictures",
                        "data", "ensembles", "lineage"):
            self.assertTrue(f'<section id="{section}">' in html, section)
        self.assertTrue('id="activations-' in html)
        self.assertTrue("data:image/png;base64," in html)
        done, numbers, differing = self.check(self.path("page.html"))
        self.assertEqual((done.returncode, differing), (0, 0), done.stderr)
        self.assertGreater(numbers, 1000)
        print(f"{len(html)} bytes, {numbers} numbers checked", flush=True)

    def test_an_edited_number_is_found_wherever_it_stands(self):
        html = self.page("edited.html", "--no-pictures")
        edits = {
            "a word of the verdict": (r'(data-q="configuration \d+ best_value mean">)0\.\d{4}',
                                     r"\g<1>0.9999"),
            "a cell": (r'(<td [^>]*data-q="evaluation \d+ class 3 recall"[^>]*>)[\d.]+',
                       r"\g<1>0.1234"),
            "a confusion cell": (r'(<rect [^>]*data-q="evaluation \d+ confusion \d+ \d+"[^>]*>'
                                 r'<title>[^<]*: )\d+', r"\g<1>777"),
            "a legend": (r'(data-q="evaluation \d+ micro_auc"[^>]*>micro  AUC )[\d.]+',
                         r"\g<1>0.5000"),
            "a curve": (r'(data-q="epochs 1\.\d validation loss" d="M[\d.]+ )[\d.]+', r"\g<1>11.1"),
        }
        for what, (pattern, replacement) in edits.items():
            edited, n = re.subn(pattern, replacement, html, count=1)
            self.assertEqual(n, 1, what)
            done, _, differing = self.check(self.write("edited.html", edited))
            self.assertEqual((done.returncode, differing), (8, 1), what + done.stderr)
            self.assertIn("the page says" if what != "a curve" else "drawn otherwise", done.stderr)
        # A number that was taken away, and text that is no number.
        gone = re.sub(r' data-q="ensemble 1 test mean_probability accuracy"', "", html, count=1)
        done, _, differing = self.check(self.write("gone.html", gone))
        self.assertEqual(done.returncode, 8, done.stderr)
        self.assertGreater(differing, 0)
        self.assertIn("not on the page", done.stderr)
        done, _, differing = self.check(
            self.write("words.html", html.replace("Leaderboard", "Podium", 1)))
        self.assertEqual((done.returncode, differing), (8, 0))
        self.assertIn("edited after it was written", done.stderr)

    def test_a_page_of_one_trial_and_of_a_bare_database_file(self):
        self.cluster.tutti("report", "1.2", "--out", self.path("trial.html"), "--db",
                           self.path("tutti.db"))
        done, numbers, differing = self.check(self.path("trial.html"), "--db",
                                             self.path("tutti.db"))
        self.assertEqual((done.returncode, differing), (0, 0), done.stderr)
        self.assertGreater(numbers, 200)
        with open(self.path("trial.html"), encoding="utf-8") as f:
            html = f.read()
        self.assertFalse('<section id="leaderboard">' in html)
        self.assertTrue("The images themselves are not on this page" in html)

    def test_a_stored_metric_that_the_logits_do_not_give_is_found(self):
        copy = self.path("copy.db")
        with sqlite3.connect(self.path("tutti.db")) as source, sqlite3.connect(copy) as target:
            source.backup(target)
            for table in ("evaluations", "ensemble_evaluations"):
                target.execute(f"UPDATE {table} SET macro_f1 = 0.9876 WHERE split = 'test'")
        self.cluster.tutti("report", "1", "--out", self.path("wrong.html"), "--db", copy)
        done, _, differing = self.check(self.path("wrong.html"), "--db", copy)
        self.assertEqual(done.returncode, 8, done.stderr)
        self.assertGreater(differing, 2)
        self.assertIn("macro_f1: the page says 0.9876", done.stderr)
        self.assertIn("ensemble 1 test", done.stderr)

    def test_markdown_and_png_files(self):
        if shutil.which("rsvg-convert") is None:
            print("SKIPPED: rsvg-convert (librsvg2-bin) is not installed", flush=True)
            self.skipTest("rsvg-convert is not installed")
        self.cluster.tutti("report", "1", "--format", "md", "--out", self.path("r.md"),
                           "--no-pictures")
        with open(self.path("r.md"), encoding="utf-8") as f:
            text = f.read()
        links = re.findall(r"!\[[^]]*\]\((r_files/[^)]*\.png)\)", text)
        self.assertGreater(len(links), 8)
        for link in links:
            with open(self.path(link), "rb") as f:
                self.assertEqual(f.read(8), b"\x89PNG\r\n\x1a\n", link)
        self.assertEqual(sorted(os.listdir(self.path("r_files"))),
                         sorted(os.path.basename(link) for link in links))
        self.cluster.tutti("report", "1", "--format", "png", "--out", self.path("charts"),
                           "--no-pictures")
        self.assertIn("roc.png", os.listdir(self.path("charts")))

    def test_what_cannot_be_is_refused_and_nothing_is_half_written(self):
        os.mkdir(self.path("folder"))
        refused = [
            (["report", "1", "--out", self.path("folder"), "--no-pictures"], 4, "is a folder"),
            (["report", "1", "--out", self.path("no/such/place.html"), "--no-pictures"], 3,
             "no/such"),
            (["report", "99", "--no-pictures"], 3, "does not exist"),
            (["report", "1.99", "--no-pictures"], 3, "does not exist"),
            (["report", "nonsense", "--no-pictures"], 2, "no id"),
            (["report", "1", "--format", "pdf"], 2, "pdf"),
            (["report", "--check", self.path("missing.html")], 3, "missing.html"),
            (["report", "--check", self.file], 2, "no page"),
        ]
        for arguments, code, text in refused:
            done = self.cluster.tutti(*arguments, check=False)
            self.assertEqual(done.returncode, code, f"{arguments}: {done.stderr}")
            self.assertIn(text, done.stderr)
        done = self.cluster.tutti("report", "1", "--format", "png", "--out", self.path("none"),
                                  "--no-pictures", check=False, env={"PATH": "/nowhere"})
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("librsvg2-bin", done.stderr)
        self.assertEqual(os.listdir(self.path("none")), [])
        self.assertEqual(os.listdir(self.path("folder")), [])

    def test_a_page_is_as_readable_as_other_new_files(self):
        self.page("mode.html", "--no-pictures")
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("mode.html")).st_mode), 0o666 & ~mask)


if __name__ == "__main__":
    cluster.main()
