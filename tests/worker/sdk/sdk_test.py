"""Goal: any program can be a trainer: what it reports arrives, what it is asked reaches it, and every
way in which it can end is told apart. Method: the real tutti-entrypoint with small real programs
(Python with the SDK, and shell), this process being its worker.
"""

import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host_harness import Host, SDK  # noqa: E402

TWO_EPOCHS = """
import tutti
trial = tutti.trial()
for epoch in trial.epochs():
    trial.report(epoch=epoch, validation_accuracy=trial.hparams["base"] + epoch / 10, train_loss=0.5)
"""


class Reporting(unittest.TestCase):
    def test_what_it_gets_and_what_it_reports(self):
        with Host() as host:
            self.assertEqual((host.hello["rank"], host.hello["allocation"]), (0, 3))
            host.python(5, TWO_EPOCHS, hparams={"base": 0.25}, max_time=2)
            started = host.take("started")
            self.assertEqual((started["attempt"], started["resumed_from_epoch"]), (5, 0))
            first, second = host.take("epoch"), host.take("epoch")
            self.assertEqual(first, {"type": "epoch", "attempt": 5, "epoch": 1, "step": 1, "time": 1,
                                     "metrics": {"validation": {"accuracy": 0.35},
                                                 "train": {"loss": 0.5}}})
            self.assertEqual((second["epoch"], second["time"]), (2, 2))
            done = host.done(5)
            self.assertEqual((done["outcome"], done["exit_code"]), ("completed", 0))

    def test_warm_program_keeps_its_process(self):
        with Host() as host:
            code = """
import os, tutti
for trial in tutti.trials():
    trial.report(validation_accuracy=trial.hparams["x"], train_pid=os.getpid())
"""
            pids = set()
            for attempt in (1, 2, 3):
                host.python(1, code, hparams={"x": attempt}) if attempt == 1 else host.run(
                    attempt, [sys.executable, host.directory + "/program-1.py"],
                    hparams={"x": attempt})
                epoch = host.take("epoch", attempt)
                self.assertEqual(epoch["metrics"]["validation"]["accuracy"], attempt)
                pids.add(epoch["metrics"]["train"]["pid"])
                self.assertEqual(host.done(attempt)["outcome"], "completed")
            self.assertEqual(len(pids), 1)


if __name__ == "__main__":
    unittest.main()
