"""Client of Tutti for programs that are started by `entrypoint:` in an experiment file.

One file, standard library only, Python 3.8 or newer: copy it beside your program, or put its folder
on PYTHONPATH. `docs/records.md` of Tutti describes the protocol that it speaks.

A program that runs one trial and ends:

    import tutti

    trial = tutti.trial()
    model = Net(trial.hparams["width"])
    if trial.checkpoint:                                   # a directory, or None
        model.load(trial.checkpoint + "/model.pt")
    for epoch in trial.epochs():                           # goes on after the checkpoint's epoch
        train_one_epoch(model)
        trial.report(epoch=epoch, validation_accuracy=accuracy(model))
        if trial.should_checkpoint():
            with trial.save() as directory:                # a new, empty directory
                model.save(directory + "/model.pt")

A program that stays and runs one trial after the other (no start-up time between them):

    for trial in tutti.trials():
        ...

Without Tutti (no TUTTI_SOCKET in the environment) the same program runs by itself: reports are
printed, nothing asks it to stop. Set TUTTI_HPARAMS='{"width": 32}' to give it values.
"""

import json
import os
import shutil
import socket
import sys
import tempfile
from contextlib import contextmanager

__all__ = ["trial", "trials", "Trial", "InvalidHparams", "CheckpointFailed"]

_SPLITS = ("train_", "validation_", "test_")


class InvalidHparams(Exception):
    """These values cannot be trained (a combination that makes no sense, too large a network).

    Raise it with a message: the trial ends without a restart, its numbers count for nothing, and
    the searcher proposes another one.
    """


class CheckpointFailed(Exception):
    """A checkpoint could not be kept: a full disk, a folder or a link in it, a bad file name."""


class _Line:
    """The connection to tutti-entrypoint: JSON, one message a line, both ways."""

    def __init__(self, path, rank, warm):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)
        self._buffer = b""
        self._messages = []
        self.send({"type": "hello", "rank": rank, "warm": warm, "pid": os.getpid()})

    def send(self, message):
        self._socket.sendall(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    def send_text(self, text):
        self._socket.sendall(text.encode() + b"\n")

    def poll(self):
        """All messages that are there already."""
        try:
            while True:
                data = self._socket.recv(65536, socket.MSG_DONTWAIT)
                if not data:
                    self._gone()
                self._feed(data)
                if len(data) < 65536:
                    break
        except BlockingIOError:
            pass
        messages, self._messages = self._messages, []
        return messages

    def wait(self):
        """The next message; blocks."""
        while not self._messages:
            data = self._socket.recv(65536)
            if not data:
                self._gone()
            self._feed(data)
        return self._messages.pop(0)

    def _feed(self, data):
        lines = (self._buffer + data).split(b"\n")
        self._buffer = lines.pop()
        self._messages.extend(json.loads(line) for line in lines if line)

    @staticmethod
    def _gone():
        # Nobody would hear of what this process computes, and its slot may be given away.
        sys.stderr.write("tutti: the worker is gone; ending\n")
        sys.stderr.flush()
        os._exit(1)


def _number(name, value):
    """A Python number for JSON, which has no NaN and no infinities."""
    if isinstance(value, bool):
        raise TypeError("tutti: %s is a bool, expected a number" % name)
    if not isinstance(value, (int, float)):
        try:
            value = float(value)  # NumPy scalars, zero-dimensional tensors
        except (TypeError, ValueError):
            raise TypeError("tutti: %s is %r, expected a number" % (name, value)) from None
    if isinstance(value, float):
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
    return value


class Trial:
    """One attempt of a trial: what to train, and whom to tell."""

    def __init__(self, order, line):
        self._line = line
        self._reported = False
        self._saved_epoch = None
        #: sampled values by dotted path, e.g. {"lr": 0.001, "model.width": 32}
        self.hparams = order["hparams"]
        #: of this trial, from 0 to 2**31 - 1
        self.seed = order["seed"]
        #: "12.3": experiment and number of the trial
        self.id = order["trial"]
        #: directory of the checkpoint to go on from (do not write there), or None
        self.checkpoint = order["checkpoint"] or None
        #: where that checkpoint was made; 0 from scratch
        self.start_epoch = order["checkpoint_epoch"]
        self.start_step = order["checkpoint_step"]
        #: "epochs", "batches" or a metric: what max_time counts
        self.time_metric = order["time_metric"]
        #: how far to train, in time_metric; 0: this program decides
        self.max_time = order["max_time"]
        #: where the searcher decides whether it goes on, in time_metric; 0: nowhere
        self.run_until = order["run_until"]
        #: name of the searcher's metric
        self.metric = order["metric"]
        #: the worker's directory of data sets
        self.data = order["data"]
        #: this process among those of the gang; only rank 0 reports and saves
        self.rank = order["rank"]
        self.world = order["world"]
        #: threads this process should use; "cpu" or "cuda"
        self.threads = order["threads"]
        self.device = order["device"]
        self.scratch = order["scratch"]
        #: why it is to stop: "finish", "checkpoint", "held", "complete", or None
        self.stop_reason = None
        self._epoch = self.start_epoch
        self._step = None
        self._time = order.get("checkpoint_time", 0)
        self._attempt = order["attempt"]

    # ---- Reporting ----

    def report(self, epoch=None, step=None, **metrics):
        """Reports metrics, named train_…, validation_… or test_…, as of this epoch.

        Without `epoch` it is the next one. A report with the searcher's metric is a validation: it
        is what the searcher decides by. NaN and infinities may be reported.
        """
        if not metrics:
            raise ValueError("tutti: report() without a metric")
        values = {}
        for name, value in metrics.items():
            if not name.startswith(_SPLITS) and name != self.time_metric:
                raise ValueError(
                    "tutti: '%s' is no name of a metric; it must begin with train_, validation_ "
                    "or test_" % name
                )
            values[name] = _number(name, value)
        message = {"type": "report", "metrics": values}
        self._epoch = self._epoch + 1 if epoch is None else int(epoch)
        message["epoch"] = self._epoch
        if step is not None:
            self._step = int(step)
            message["step"] = self._step
        if self.metric in values or not self.metric:
            if self.time_metric == "epochs":
                self._time = self._epoch
            elif self.time_metric == "batches":
                self._time = self._epoch if self._step is None else self._step
            elif self.time_metric in values:
                self._time = values[self.time_metric]
        if self.rank == 0:
            self._send(message)

    def progress(self, epoch=None, step=None, **more):
        """Says where it is (epoch may be a fraction); also that it lives."""
        if epoch is not None:
            more["epoch"] = float(epoch)
        if step is not None:
            more["step"] = int(step)
        if self.rank == 0:
            self._send(dict(more, type="progress"))
        else:
            self._send({"type": "alive"})

    def log(self, text):
        """A line of the trial's log. (What it prints is there too.)"""
        self._send({"type": "log", "text": str(text)})

    # ---- Stopping ----

    def should_stop(self):
        """True when it is to end: save a checkpoint and leave. Costs microseconds; ask often.

        After the first True it stays so; stop_reason says why: "finish" (the searcher has seen
        enough), "checkpoint" (paused, or its slots are needed), "held" (the searcher decides later
        whether it goes on), "complete" (it has reached max_time).
        """
        self._poll()
        if self.stop_reason is None:
            if self.max_time and self._time >= self.max_time:
                self.stop_reason = "complete"
            elif self.run_until and self._time >= self.run_until:
                self.stop_reason = "held"
        return self.stop_reason is not None

    def epochs(self):
        """1, 2, … max_time, from after the checkpoint's epoch, until should_stop().

        For experiments whose time_metric is epochs. Without max_time it goes on until it is told
        to stop.
        """
        epoch = self.start_epoch
        while not self.should_stop() and (
            not self.max_time or self.time_metric != "epochs" or epoch < self.max_time
        ):
            epoch += 1
            yield epoch

    # ---- Checkpoints ----

    def should_checkpoint(self, every=1):
        """True every `every` epochs, and whenever it is to stop."""
        return self.should_stop() or self._epoch % every == 0

    @contextmanager
    def save(self, epoch=None, step=None):
        """A new, empty directory; what is in it at the end of the block is the checkpoint.

        Plain files with names of letters, digits, '.', '_' and '-'. Report the epoch first, so that
        its metric is known to be the checkpoint's. Raises CheckpointFailed. Of a gang of several
        processes, rank 0 saves; the others get a directory that is thrown away.
        """
        os.makedirs(self.scratch, exist_ok=True)
        directory = tempfile.mkdtemp(prefix="checkpoint-", dir=self.scratch)
        try:
            yield directory
            if self.rank == 0:
                self._hand_over(directory, epoch, step)
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def _hand_over(self, directory, epoch, step):
        message = {"type": "checkpoint", "path": directory}
        if epoch is not None:
            message["epoch"] = int(epoch)
        if step is not None:
            message["step"] = int(step)
        self._send(message)
        if self._line is None:
            return
        while True:
            answer = self._line.wait()
            kind = answer.get("type")
            if kind == "saved":
                return
            if kind == "save_failed":
                raise CheckpointFailed(answer.get("message", ""))
            self._take(answer)

    # ---- The end ----

    def invalid_hparams(self, message):
        """These values cannot be trained. Leave the trial after it: `continue` in a loop over
        trials(), else return. Deep inside of a program, raise InvalidHparams(message) instead.
        """
        self._send({"type": "invalid_hparams", "message": str(message)})

    def _done(self, outcome=None, failure=None, message=None):
        # The same bytes nearly always: made without json for the sake of very short trials.
        if outcome is None and self._line is not None:
            self._line.send_text('{"type":"done","attempt":%d}' % self._attempt)
        else:
            self._send(
                {
                    "type": "done",
                    "attempt": self._attempt,
                    "outcome": outcome or "completed",
                    "class": failure or "",
                    "message": message or "",
                }
            )

    def _send(self, message):
        if self._line is not None:
            self._line.send(message)
        else:
            print(json.dumps(message), flush=True)

    def _poll(self):
        if self._line is not None:
            for message in self._line.poll():
                self._take(message)

    def _take(self, message):
        kind = message.get("type")
        if kind == "stop":
            # At run_until the worker asks too, since it does not know who counts for himself.
            held = self.run_until and self._time >= self.run_until
            self.stop_reason = "held" if held and message["how"] == "checkpoint" else message["how"]
        elif kind == "run_until":
            self.run_until = message["run_until"]
            if self.stop_reason == "held":
                self.stop_reason = None
        elif kind == "shutdown":
            self.stop_reason = "checkpoint"


def _standalone():
    return {
        "attempt": 1, "trial": "0.1", "hparams": json.loads(os.environ.get("TUTTI_HPARAMS", "{}")),
        "seed": int(os.environ.get("TUTTI_SEED", "0")),
        "checkpoint": os.environ.get("TUTTI_CHECKPOINT", ""), "checkpoint_epoch": 0,
        "checkpoint_step": 0, "time_metric": "epochs",
        "max_time": int(os.environ.get("TUTTI_MAX_TIME", "0")), "run_until": 0,
        "metric": "", "data": os.environ.get("TUTTI_DATA", ""), "rank": 0,
        "world": 1, "threads": int(os.environ.get("TUTTI_THREADS", "1")), "device": "cpu",
        "scratch": tempfile.gettempdir(),
    }


def _connect(warm):
    path = os.environ.get("TUTTI_SOCKET")
    if not path:
        return None
    return _Line(path, int(os.environ.get("RANK", "0")), warm)


def _next_order(line):
    """The next `run` message; None when there will be none."""
    while True:
        message = line.wait()
        if message["type"] == "run":
            return message
        if message["type"] == "shutdown":
            return None


def _explain(kind, value, trace):
    """What ends this process ends the trial too: the worker hears why before it sees the code."""
    if _current is not None and not issubclass(kind, KeyboardInterrupt):
        failure = "USER"
        if issubclass(kind, InvalidHparams):
            failure = "INVALID_HP"
        elif issubclass(kind, MemoryError) or "OutOfMemory" in kind.__name__:
            failure = "OOM"
        text = str(value) if failure == "INVALID_HP" else "%s: %s" % (kind.__name__, value)
        try:
            _current._done("error", failure, text[:2000])
        except OSError:
            pass
    _hook(kind, value, trace)


_current = None
_hook = sys.excepthook


def trial():
    """The trial that this process was started for. Call it once; the process ends with it."""
    global _current
    if _current is None:
        line = _connect(warm=False)
        order = _standalone() if line is None else _next_order(line)
        if order is None:
            sys.exit(0)
        _current = Trial(order, line)
        sys.excepthook = _explain
    return _current


def trials():
    """Trials one after the other, for as long as this process is kept.

    An exception that leaves the body ends the process: this trial fails, and the next one gets a
    new process. trial.invalid_hparams(…) and `continue` keeps it. The body must not change global
    state that the next trial depends on.
    """
    global _current
    line = _connect(warm=True)
    if line is None:
        yield Trial(_standalone(), None)
        return
    sys.excepthook = _explain
    while True:
        order = _next_order(line)
        if order is None:
            return
        _current = Trial(order, line)
        yield _current
        _current._done()
        _current = None
