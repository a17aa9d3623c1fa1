"""The worker's side of tutti-entrypoint, in Python, for tests: a socket that speaks records.

Reads and writes the frames of experiments/core/record.h with a CRC of its own.
"""

import json
import os
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
BIN = os.environ.get("TUTTI_BIN", os.path.join(ROOT, "build", "bin"))
SDK = os.path.join(ROOT, "worker", "sdk", "python")
LONG = 30.0  # seconds; nothing that is right takes so long

_TABLE = []
for _n in range(256):
    _c = _n
    for _ in range(8):
        _c = (_c >> 1) ^ (0x82F63B78 if _c & 1 else 0)
    _TABLE.append(_c)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def await_gone(pid):
    """Waits until there is no such process."""
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        try:
            with open("/proc/%d/stat" % pid) as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


class Host:
    """A tutti-entrypoint, and this process as its worker."""

    def __init__(self, world=1, environment=None):
        self.directory = tempfile.mkdtemp(prefix="tutti-sdk-test-")
        self.root = os.path.join(self.directory, "checkpoints")
        os.mkdir(self.root)
        path = os.path.join(self.directory, "worker.sock")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
        listener.listen(1)
        self.output = open(os.path.join(self.directory, "output"), "w+b")
        self.process = subprocess.Popen(
            [os.path.join(BIN, "tutti-entrypoint"), "--socket", path, "--allocation", "3",
             "--world", str(world), "--slots", ",".join(str(i) for i in range(world)),
             "--threads", "1", "--device", "cpu",
             "--directory", os.path.join(self.directory, "program")],
            stdout=self.output, stderr=self.output, stdin=subprocess.DEVNULL,
            env=dict(os.environ, PYTHONPATH=SDK, PYTHONUNBUFFERED="1", **(environment or {})))
        listener.settimeout(LONG)
        self.socket, _ = listener.accept()
        listener.close()
        self.buffer = b""
        self.waiting = []
        self.hello = self.take("hello")

    def close(self):
        self.socket.close()
        try:
            self.process.wait(LONG)
        finally:
            self.process.kill()
            self.output.close()
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def text(self):
        """What the program has printed so far."""
        with open(self.output.name, errors="replace") as file:
            return file.read()

    def send(self, header):
        data = json.dumps(header).encode()
        self.socket.sendall(
            b"TUR1" + struct.pack("<III", len(data), 0, crc32c(data)) + data)

    def _fill(self, until):
        ready, _, _ = select.select([self.socket], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise AssertionError("nothing came; so far: %s\n%s" % (self.waiting[-8:], self.text()))
        data = self.socket.recv(1 << 16)
        if not data:
            raise AssertionError("tutti-entrypoint is gone; it printed:\n" + self.text())
        self.buffer += data
        while len(self.buffer) >= 16:
            header, payload, crc = struct.unpack("<III", self.buffer[4:16])
            if len(self.buffer) < 16 + header + payload:
                return
            body = self.buffer[16:16 + header + payload]
            assert self.buffer[:4] == b"TUR1" and crc32c(body) == crc, "a damaged frame"
            self.waiting.append(json.loads(body[:header]))
            self.buffer = self.buffer[16 + header + payload:]

    def take(self, kind, attempt=None):
        """The next record of that type; those of other types before it stay."""
        until = time.monotonic() + LONG
        while True:
            for i, record in enumerate(self.waiting):
                if record["type"] == kind and attempt in (None, record.get("attempt")):
                    return self.waiting.pop(i)
            self._fill(until)

    def run(self, attempt, argv, hparams=None, environment=None, max_time=0, run_until=0,
            resume=None, **searcher):
        """Orders an attempt of the program `argv`. `resume`: a `checkpoint` record."""
        self.send({
            "type": "run", "attempt": attempt, "fence": 1, "experiment": 1, "trial": 9,
            "trial_no": 2, "seed": 77, "threads": 1, "data_root": "/data",
            "checkpoint_root": self.root, "run_until": run_until,
            "resume_from": resume["name"] if resume else "",
            "resume_sha256": resume["sha256"] if resume else "",
            "weights_from": "", "weights_sha256": "", "task_id": 0,
            "config": {
                "entrypoint": argv, "working_directory": self.directory,
                "environment": environment or {}, "hparams": hparams or {},
                "searcher": dict({"metric": "validation_accuracy", "smaller_is_better": False,
                                  "time_metric": "epochs", "max_time": max_time}, **searcher)}})

    def program(self, code, name="program.py"):
        """The argument list of a Python program, given as text."""
        path = os.path.join(self.directory, name)
        with open(path, "w") as file:
            file.write(code)
        return [sys.executable, path]

    def python(self, attempt, code, **order):
        """Orders an attempt of a Python program, given as text."""
        self.run(attempt, self.program(code, "program-%d.py" % attempt), **order)

    def stop(self, attempt, how):
        self.send({"type": "stop", "attempt": attempt, "how": how})

    def done(self, attempt):
        return self.take("done", attempt)
