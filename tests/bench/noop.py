"""The shortest trial there is: one report. A warm program for tests/bench/noop.yaml."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "worker", "sdk", "python"))
import tutti  # noqa: E402

for trial in tutti.trials():
    trial.report(epoch=1, validation_loss=(trial.hparams["x"] - 0.3) ** 2)
