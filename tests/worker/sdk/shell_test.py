"""Goal: a program needs no Python, no JSON library and no socket. Method: the shell example, and
one-line scripts, under the real tutti-entrypoint.
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host_harness import ROOT, Host, await_gone  # noqa: E402

FIT_LINE = ["bash", os.path.join(ROOT, "worker", "sdk", "shell", "fit_line.sh")]
HPARAMS = {"lr": 0.05, "points": 100}
LOSS = {"metric": "validation_loss", "smaller_is_better": True}


class FitLine(unittest.TestCase):
    def losses(self, host, count):
        return [host.take("epoch")["metrics"]["validation"]["loss"] for _ in range(count)]

    def test_it_learns_saves_and_goes_on(self):
        with Host() as host:
            host.run(1, FIT_LINE, hparams=HPARAMS, max_time=3, **LOSS)
            losses = self.losses(host, 3)
            self.assertLess(losses[2], losses[0])
            self.assertEqual(host.done(1)["outcome"], "completed")
            saved = [host.take("checkpoint") for _ in range(3)]
            self.assertEqual([c["epoch"] for c in saved], [1, 2, 3])
            host.run(2, FIT_LINE, hparams=HPARAMS, max_time=5, resume=saved[2], **LOSS)
            self.assertEqual(host.take("started", 2)["resumed_from_epoch"], 3)
            self.assertEqual([host.take("epoch")["epoch"] for _ in range(2)], [4, 5])
            self.assertEqual(host.done(2)["outcome"], "completed")

    def test_it_stops_when_it_is_asked(self):
        for how, outcome in (("finish", "finished"), ("checkpoint", "preempted")):
            with self.subTest(how), Host(environment={"FIT_LINE_SLEEP": "0.2"}) as host:
                host.run(1, FIT_LINE, hparams=HPARAMS, max_time=10000, **LOSS)
                host.take("epoch")
                host.stop(1, how)
                self.assertEqual(host.done(1)["outcome"], outcome)
                self.assertIn("asked to stop: " + how, host.text())

    def test_it_is_held_where_the_searcher_decides(self):
        with Host() as host:
            host.run(1, FIT_LINE, hparams=HPARAMS, max_time=9, run_until=2, **LOSS)
            self.assertEqual(host.done(1)["outcome"], "held")
            self.assertEqual([r["epoch"] for r in host.waiting if r["type"] == "epoch"], [1, 2])
            self.assertEqual([r["epoch"] for r in host.waiting if r["type"] == "checkpoint"],
                             [1, 2])

    def test_values_that_make_no_sense_are_no_crash(self):
        with Host() as host:
            host.run(1, FIT_LINE, hparams={"lr": 0.1, "points": 1}, max_time=3, **LOSS)
            done = host.done(1)
            self.assertEqual((done["class"], done["message"]),
                             ("INVALID_HP", "a line needs two points"))


class OneLine(unittest.TestCase):
    def test_the_variables_of_each_attempt_are_its_own(self):
        with Host() as host:
            for attempt in (1, 2):
                host.run(attempt, ["sh", "-c", 'echo "$TUTTI_HP_X $TUTTI_ATTEMPT_ID"'],
                         hparams={"x": "a%d" % attempt})
                self.assertEqual(host.done(attempt)["outcome"], "completed")
            self.assertEqual(host.text().split("\n")[:2], ["a1 1", "a2 2"])

    def test_what_it_leaves_running_ends_with_the_attempt(self):
        with Host() as host:
            host.run(1, ["sh", "-c", "setsid sleep 600 & echo $!"])
            self.assertEqual(host.done(1)["outcome"], "completed")
            self.assertTrue(await_gone(int(host.text())))

    def test_shells_speak_of_signals_with_128(self):
        with Host() as host:
            host.run(1, ["sh", "-c", "exit 137"])
            done = host.done(1)
            self.assertEqual((done["class"], done["signal"]), ("INFRA", 9))


if __name__ == "__main__":
    unittest.main()
