"""Goal: any program can be a trainer: what it reports arrives, what it is asked reaches it, and every
way in which it can end is told apart. Method: the real tutti-entrypoint with small real programs
(Python with the SDK), this process being its worker.
"""

import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host_harness import Host, await_gone  # noqa: E402

# Trains to max_time or until it is told to stop; saves every epoch; waits for a stop at `wait_at`.
TRAINS = """
import json, os, time, tutti
trial = tutti.trial()
total = 0
if trial.checkpoint:
    total = json.load(open(trial.checkpoint + "/state.json"))["total"]
for epoch in trial.epochs():
    total += epoch
    trial.report(epoch=epoch, validation_accuracy=total / 100)
    with trial.save() as directory:
        json.dump({"total": total}, open(directory + "/state.json", "w"))
    while epoch == trial.hparams.get("wait_at") and not trial.should_stop():
        time.sleep(0.01)
    if epoch == trial.hparams.get("crash_at"):
        os._exit(3)
print("stopped because:", trial.stop_reason, flush=True)
"""


class Reporting(unittest.TestCase):
    def test_what_it_gets_and_what_it_reports(self):
        code = """
import tutti
trial = tutti.trial()
assert (trial.id, trial.seed, trial.max_time, trial.world, trial.rank) == ("1.2", 77, 2, 1, 0)
assert trial.checkpoint is None and trial.data == "/data" and trial.metric == "validation_accuracy"
for epoch in trial.epochs():
    trial.report(epoch=epoch, validation_accuracy=trial.hparams["base"] + epoch / 4, train_loss=0.5)
"""
        with Host() as host:
            self.assertEqual((host.hello["rank"], host.hello["allocation"]), (0, 3))
            host.python(5, code, hparams={"base": 0.25}, max_time=2)
            started = host.take("started")
            self.assertEqual((started["attempt"], started["resumed_from_epoch"]), (5, 0))
            self.assertEqual(host.take("epoch"),
                             {"type": "epoch", "attempt": 5, "epoch": 1, "step": 1, "time": 1,
                              "metrics": {"validation": {"accuracy": 0.5},
                                          "train": {"loss": 0.5}}})
            second = host.take("epoch")
            self.assertEqual((second["epoch"], second["time"]), (2, 2))
            done = host.done(5)
            self.assertEqual((done["outcome"], done["exit_code"]), ("completed", 0))
            self.assertGreater(done["peak_memory_bytes"], 1 << 20)

    def test_epochs_are_counted_and_non_finite_numbers_are_kept(self):
        code = """
import tutti
trial = tutti.trial()
trial.report(validation_accuracy=float("nan"))
trial.report(validation_accuracy=float("-inf"), test_auc=float("inf"))
"""
        with Host() as host:
            host.python(1, code)
            self.assertEqual(host.take("epoch")["metrics"]["validation"]["accuracy"], "NaN")
            second = host.take("epoch")
            self.assertEqual((second["epoch"], second["metrics"]),
                             (2, {"validation": {"accuracy": "-Infinity"},
                                  "test": {"auc": "Infinity"}}))

    def test_time_is_what_the_searcher_counts(self):
        code = """
import tutti
trial = tutti.trial()
trial.report(epoch=1, step=640, validation_accuracy=0.5, samples=12345.6)
"""
        for metric, expected in (("epochs", 1), ("batches", 640), ("samples", 12345)):
            with self.subTest(metric), Host() as host:
                host.python(1, code.replace(", samples", ", train_x=0, samples")
                            if metric == "samples" else code.replace(", samples=12345.6", ""),
                            time_metric=metric)
                record = host.take("epoch")
                self.assertEqual(record["time"], expected)
                self.assertEqual(record["metrics"].get("train", {}).get("samples"),
                                 12345.6 if metric == "samples" else None)
                self.assertEqual(host.done(1)["outcome"], "completed")

    def test_a_report_that_is_none_fails_the_trial_with_its_reason(self):
        cases = {
            'trial._send({"type": "report", "metrics": {"accuracy": 1}})': "'accuracy' is no name",
            'trial._send({"type": "report", "metrics": {"train_x": "much"}})': "expected a number",
            'trial._send({"type": "report", "metrics": {"train_x": 1}, "epoch": -1})': "'epoch'",
            'trial._send({"type": "dance"})': "unknown type 'dance'",
            'trial._line.send_text("not json")': "no message",
        }
        for line, reason in cases.items():
            with self.subTest(line), Host() as host:
                host.python(1, "import time, tutti\ntrial = tutti.trial()\n%s\ntime.sleep(60)"
                            % line)
                done = host.done(1)
                self.assertEqual((done["outcome"], done["class"]), ("error", "USER"))
                self.assertIn(reason, done["message"])

    def test_the_client_refuses_bad_reports_before_they_are_sent(self):
        code = """
import tutti
trial = tutti.trial()
for wrong in ({"accuracy": 1}, {"train_x": "much"}, {"train_x": True}, {}):
    try:
        trial.report(**wrong)
        print("accepted", wrong)
    except (ValueError, TypeError) as error:
        pass
"""
        with Host() as host:
            host.python(1, code)
            self.assertEqual(host.done(1)["outcome"], "completed")
            self.assertEqual(host.text(), "")

    def test_progress_and_log_lines_pass(self):
        with Host() as host:
            host.python(1, "import tutti\ntrial = tutti.trial()\n"
                        "trial.progress(epoch=0.5, step=7)\ntrial.log('hello')\nprint('printed')")
            self.assertEqual(host.take("log")["text"], "hello")
            progress = host.take("progress")
            self.assertEqual((progress["epoch"], progress["step"]), (0.5, 7))
            host.done(1)
            self.assertEqual(host.text(), "printed\n")


class Warm(unittest.TestCase):
    CODE = """
import os, sys, tutti
for trial in tutti.trials():
    if trial.hparams["x"] == 2 and trial.hparams.get("crash"):
        os._exit(9)
    if trial.hparams["x"] == 3:
        trial.invalid_hparams("three is too many")
        continue
    trial.report(validation_accuracy=trial.hparams["x"], train_pid=os.getpid())
"""

    def pid_of(self, host, attempt, **hparams):
        host.run(attempt, self.argv, hparams=hparams)
        pid = int(host.take("epoch", attempt)["metrics"]["train"]["pid"])
        self.assertEqual(host.done(attempt)["outcome"], "completed")
        return pid

    def open(self):
        host = Host()
        self.argv = host.program(self.CODE)
        return host

    def test_it_keeps_its_process_also_after_values_that_it_refuses(self):
        with self.open() as host:
            first = self.pid_of(host, 1, x=1)
            host.run(2, self.argv, hparams={"x": 3})
            done = host.done(2)
            self.assertEqual((done["outcome"], done["class"], done["message"]),
                             ("error", "INVALID_HP", "three is too many"))
            self.assertEqual(self.pid_of(host, 3, x=4), first)

    def test_a_crash_is_that_trial_s_and_the_next_gets_a_new_process(self):
        with self.open() as host:
            first = self.pid_of(host, 1, x=1)
            host.run(2, self.argv, hparams={"x": 2, "crash": True})
            done = host.done(2)
            self.assertEqual((done["outcome"], done["class"], done["exit_code"]),
                             ("error", "USER", 9))
            self.assertNotEqual(self.pid_of(host, 3, x=4), first)

    def test_another_program_replaces_it(self):
        with self.open() as host:
            first = self.pid_of(host, 1, x=1)
            host.python(2, "import tutti\ntutti.trial().report(validation_accuracy=1)")
            self.assertEqual(host.done(2)["outcome"], "completed")
            self.assertTrue(await_gone(first))
            self.assertNotEqual(self.pid_of(host, 3, x=1), first)

    def test_killed_while_idle_it_is_started_again(self):
        with self.open() as host:
            first = self.pid_of(host, 1, x=1)
            os.kill(first, signal.SIGKILL)
            self.assertNotEqual(self.pid_of(host, 2, x=1), first)

    def test_shutdown_ends_it_and_its_host(self):
        with self.open() as host:
            first = self.pid_of(host, 1, x=1)
            host.send({"type": "shutdown"})
            self.assertEqual(host.process.wait(20), 0)
            self.assertTrue(await_gone(first))

    def test_a_worker_that_is_gone_leaves_nothing_behind(self):
        with self.open() as host:
            first = self.pid_of(host, 1, x=1)
            host.socket.close()
            self.assertEqual(host.process.wait(20), 0)
            self.assertTrue(await_gone(first))


class Checkpoints(unittest.TestCase):
    def test_a_crashed_trial_goes_on_from_its_checkpoint(self):
        with Host() as host:
            host.python(1, TRAINS, hparams={"crash_at": 2}, max_time=4)
            done = host.done(1)
            self.assertEqual((done["outcome"], done["class"], done["exit_code"]),
                             ("error", "USER", 3))
            host.take("checkpoint")
            last = host.take("checkpoint")
            self.assertEqual((last["name"], last["epoch"], last["step"], last["metric"],
                              last["best"]), ("1/9/1-step-2", 2, 2, 0.03, True))
            self.assertEqual(sorted(os.listdir(os.path.join(host.root, last["name"]))),
                             ["manifest.json", "state.json"])
            host.waiting.clear()
            host.python(2, TRAINS, max_time=4, resume=last)
            self.assertEqual(host.take("started", 2)["resumed_from_epoch"], 2)
            self.assertEqual([host.take("epoch")["metrics"]["validation"]["accuracy"]
                              for _ in range(2)], [0.06, 0.1])
            self.assertEqual(host.done(2)["outcome"], "completed")
            self.assertIn("stopped because: complete", host.text())

    def test_a_damaged_checkpoint_is_not_used(self):
        with Host() as host:
            host.python(1, TRAINS, max_time=1)
            checkpoint = host.take("checkpoint")
            host.done(1)
            with open(os.path.join(host.root, checkpoint["name"], "state.json"), "a") as file:
                file.write(" ")
            host.python(2, TRAINS, max_time=2, resume=checkpoint)
            done = host.done(2)
            self.assertEqual((done["outcome"], done["class"]), ("error", "INFRA"))
            self.assertIn("state.json", done["message"])

    def test_what_is_no_checkpoint_is_refused_and_the_program_goes_on(self):
        code = """
import os, tutti
trial = tutti.trial()
def attempt(make):
    trial.report(validation_accuracy=1)
    try:
        with trial.save() as directory:
            make(directory)
        print("saved")
    except tutti.CheckpointFailed as error:
        print("refused:", str(error)[-120:])
attempt(lambda d: None)
attempt(lambda d: os.mkdir(d + "/folder"))
attempt(lambda d: os.symlink("/etc/passwd", d + "/link"))
attempt(lambda d: open(d + "/manifest.json", "w"))
attempt(lambda d: open(d + "/with space", "w"))
attempt(lambda d: open(d + "/good.bin", "w"))
with trial.save() as directory:
    pass
"""
        with Host() as host:
            host.python(1, code)
            done = host.done(1)
            lines = host.text().splitlines()
            self.assertEqual([line.split(":")[0] for line in lines[:6]],
                             ["refused"] * 5 + ["saved"])
            self.assertEqual((done["class"], done["message"].split(":")[0]),
                             ("USER", "CheckpointFailed"))
            self.assertEqual(os.listdir(os.path.join(host.root, "1", "9")), ["1-step-6"])


class Stops(unittest.TestCase):
    def stopped(self, how, outcome, reason):
        with Host() as host:
            host.python(1, TRAINS, hparams={"wait_at": 2}, max_time=9)
            host.take("checkpoint")
            host.take("checkpoint")
            host.stop(1, how)
            self.assertEqual(host.done(1)["outcome"], outcome)
            self.assertIn("stopped because: " + reason, host.text())

    def test_finish(self):
        self.stopped("finish", "finished", "finish")

    def test_checkpoint(self):
        self.stopped("checkpoint", "preempted", "checkpoint")

    def test_run_until_ends_as_held_and_goes_on_from_there(self):
        with Host() as host:
            host.python(1, TRAINS, max_time=4, run_until=2)
            self.assertEqual(host.done(1)["outcome"], "held")
            self.assertIn("stopped because: held", host.text())
            host.take("checkpoint")
            last = host.take("checkpoint")
            self.assertEqual(last["epoch"], 2)
            host.python(2, TRAINS, max_time=4, run_until=2, resume=last)
            self.assertEqual(host.done(2)["outcome"], "held", "it is there already")
            host.python(3, TRAINS, max_time=4, resume=last)
            self.assertEqual(host.done(3)["outcome"], "completed")

    def test_a_new_run_until_reaches_a_program_that_runs(self):
        with Host() as host:
            host.python(1, TRAINS + "\n", hparams={"wait_at": 1}, max_time=9, run_until=2)
            host.take("checkpoint")
            host.send({"type": "run_until", "attempt": 1, "run_until": 1})
            self.assertEqual(host.done(1)["outcome"], "held")

    def test_kill_needs_nobody_s_consent(self):
        code = """
import os, signal, subprocess, time, tutti
signal.signal(signal.SIGTERM, signal.SIG_IGN)
trial = tutti.trial()
child = subprocess.Popen(["setsid", "sleep", "600"])
trial.report(validation_accuracy=1, train_pid=os.getpid(), train_child=child.pid)
time.sleep(600)
"""
        with Host() as host:
            host.python(1, code)
            pids = host.take("epoch")["metrics"]["train"]
            host.stop(1, "kill")
            self.assertEqual(host.done(1)["outcome"], "killed")
            self.assertTrue(await_gone(int(pids["pid"])))
            self.assertTrue(await_gone(int(pids["child"])), "a child in a session of its own")

    def test_one_that_never_asks_is_sent_term_and_then_kill(self):
        code = "import signal, time, tutti\n%s\ntutti.trial().report(validation_accuracy=1)\n" \
               "time.sleep(600)"
        for ignore in ("", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"):
            with self.subTest(ignore), Host() as host:
                host.python(1, code % ignore, environment={"TUTTI_STOP_GRACE": "1",
                                                           "TUTTI_TERM_GRACE": "1"})
                host.take("epoch")
                host.stop(1, "finish")
                done = host.done(1)
                self.assertEqual(done["outcome"], "finished")
                self.assertEqual(done["signal"], 0 if ignore else signal.SIGTERM)


class Ends(unittest.TestCase):
    def end_of(self, code, **order):
        with Host() as host:
            host.python(1, "import os, signal, sys, time, tutti\n" + code, **order)
            done = host.done(1)
            return done["outcome"], done["class"], done["exit_code"], done["signal"], \
                done["message"]

    def test_classes(self):
        self.assertEqual(self.end_of("sys.exit(4)")[:4], ("error", "USER", 4, 0))
        self.assertEqual(self.end_of("os.kill(os.getpid(), signal.SIGKILL)")[:4],
                         ("error", "INFRA", 0, 9))
        self.assertEqual(self.end_of("os.abort()")[1], "INFRA")
        self.assertEqual(self.end_of("pass")[:3], ("completed", "", 0))

    def test_an_exception_is_the_message(self):
        outcome, failure, code, _, message = self.end_of("tutti.trial()\n{}['lr']")
        self.assertEqual((outcome, failure, code, message),
                         ("error", "USER", 1, "KeyError: 'lr'"))
        self.assertEqual(self.end_of("tutti.trial()\nraise MemoryError('64 GiB')")[1], "OOM")
        outcome, failure, _, _, message = self.end_of(
            "tutti.trial()\nraise tutti.InvalidHparams('width 7 of 8 heads')")
        self.assertEqual((outcome, failure, message),
                         ("error", "INVALID_HP", "width 7 of 8 heads"))

    def test_silence_is_a_hang(self):
        outcome, failure, _, _, message = self.end_of(
            "tutti.trial()\ntime.sleep(600)", environment={"TUTTI_PROGRESS_LIMIT": "1"})
        self.assertEqual((outcome, failure), ("error", "HANG"))
        self.assertIn("TUTTI_PROGRESS_LIMIT", message)

    def test_what_cannot_be_started_says_why(self):
        with Host() as host:
            for attempt, (argv, environment, word) in enumerate([
                    (["no-such-program"], {}, "no program 'no-such-program'"),
                    (["./missing.sh"], {}, "missing.sh"),
                    (["true"], {"TUTTI_STOP_GRACE": "soon"}, "TUTTI_STOP_GRACE")], start=1):
                host.run(attempt, argv, environment=environment)
                done = host.done(attempt)
                self.assertEqual((done["outcome"], done["class"]), ("error", "USER"))
                self.assertIn(word, done["message"])
            host.run(9, ["true"])
            self.assertEqual(host.done(9)["outcome"], "completed", "the host is as good as before")


class Gangs(unittest.TestCase):
    CODE = """
import os, sys, tutti
trial = tutti.trial()
names = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_ADDR")
assert [os.environ[n] for n in names] == [str(trial.rank), str(trial.rank), "3", "127.0.0.1"]
assert int(os.environ["MASTER_PORT"]) > 0 and trial.world == 3
if trial.rank == trial.hparams.get("crash"):
    os._exit(5)
if trial.hparams.get("crash") is not None:
    import time
    time.sleep(600)
trial.report(validation_accuracy=trial.rank)
print("rank", trial.rank, flush=True)
"""

    def test_one_process_per_slot_and_rank_0_reports(self):
        with Host(world=3) as host:
            host.python(1, self.CODE)
            self.assertEqual(host.take("epoch")["metrics"]["validation"]["accuracy"], 0)
            self.assertEqual(host.done(1)["outcome"], "completed")
            self.assertEqual([r for r in host.waiting if r["type"] == "epoch"], [])
            self.assertEqual(sorted(host.text().splitlines()), ["rank 0", "rank 1", "rank 2"])

    def test_a_rank_that_fails_ends_the_others(self):
        with Host(world=3) as host:
            host.python(1, self.CODE, hparams={"crash": 2})
            done = host.done(1)
            self.assertEqual((done["outcome"], done["class"], done["exit_code"]),
                             ("error", "USER", 5))


class Alone(unittest.TestCase):
    def test_without_tutti_the_same_program_runs_by_itself(self):
        import subprocess
        from host_harness import SDK
        environment = dict(os.environ, PYTHONPATH=SDK, TUTTI_MAX_TIME="2",
                           TUTTI_HPARAMS='{"lr": 0.5}')
        environment.pop("TUTTI_SOCKET", None)
        text = subprocess.run([sys.executable, "-c", TRAINS], env=environment, check=True,
                              stdout=subprocess.PIPE, universal_newlines=True).stdout
        self.assertEqual(text.count('"validation_accuracy"'), 2)


if __name__ == "__main__":
    unittest.main()
