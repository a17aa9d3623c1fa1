"""Goal: bad input of every kind gets a clear message and the documented exit code, and loses nothing.
Method: the real client against missing files, wrong values, other programs' ports, damaged and newer
databases, full disks and directories without permission."""
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile

from cluster import BIN, SMALL, ClusterTest, main


class BadInput(ClusterTest):
    def expect(self, code, *arguments, says=(), env=None):
        done = self.cluster.tutti(*arguments, check=False, env=env)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for text in says:
            self.assertIn(text, done.stderr)
        return done

    def test_usage_is_exit_two(self):
        self.expect(2, says=["subcommand"])
        self.expect(2, "dance")
        self.expect(2, "submit")
        self.expect(2, "run", "no-such.yaml", says=["no-such.yaml"])
        self.expect(2, "run", self.cluster.state, says=["is a directory"])
        self.expect(2, "ls", "-o", "xml")
        self.expect(0, "--help")

    def test_wrong_yaml_shows_every_error_with_its_place(self):
        path = self.cluster.write("wrong.yaml", SMALL.format(epochs=0, replicates=1, slots=1)
                                  .replace("lr: 1e-3", "learning_rat: 1e-3"))
        done = self.expect(2, "submit", path, says=["wrong.yaml:5:", "epochs", "learning_rat"])
        self.assertIn("^", done.stderr)
        self.expect(2, "validate", self.small(), "--set", "training.epochs=many",
                    says=["--set training.epochs=many"])

    def test_no_coordinator_is_exit_five_and_says_how_to_start_one(self):
        self.expect(5, "ls", says=["tutti up"])
        self.expect(5, "submit", self.small(), says=["tutti up"])
        self.expect(5, "--coordinator", "127.0.0.1:1", "ls", says=["127.0.0.1:1"])
        self.expect(5, "down", says=["no cluster runs"])

    def test_unknown_ids_are_exit_three(self):
        self.cluster.tutti("up")
        self.expect(3, "describe", "99", says=["99"])
        self.expect(3, "cancel", "99.1", says=["99.1"])
        self.expect(3, "watch", "last", says=["no experiment yet"])
        self.expect(2, "describe", "12.x", says=["12.x"])
        self.expect(6, "sql", "DELETE FROM metrics", says=["only reading is allowed"])
        self.expect(2, "sql", "SELECT nonsense")

    def test_a_port_in_use_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = self.expect(4, "up", "--port", str(port), says=[str(port)])
            self.assertIn("in use", done.stderr)

    def test_a_newer_database_is_refused_and_untouched(self):
        self.cluster.tutti("up")
        self.cluster.tutti("down")
        path = os.path.join(self.cluster.state, "tutti.db")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 999")
        connection.commit()
        connection.close()
        self.expect(4, "up", says=["999", "newer"])
        self.assertEqual(self.cluster.query("PRAGMA user_version"), [(999,)])

    def test_a_foreign_file_as_database_is_refused(self):
        self.cluster.write("tutti.db", "this is a letter to my grandmother\n" * 100)
        self.expect(4, "up", says=["tutti.db"])
        self.expect(4, "ls", says=["tutti.db"])

    def test_a_coordinator_that_cannot_start_is_given_up_with_its_words(self):
        self.cluster.tutti("up")
        self.cluster.tutti("down")
        connection = sqlite3.connect(os.path.join(self.cluster.state, "tutti.db"))
        connection.execute("UPDATE snapshots SET state = '{}'")
        connection.commit()
        connection.close()
        done = self.cluster.tutti("up", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("snapshot", done.stderr)
        self.assertIsNone(self.cluster.pid_in("supervisor"))

    def test_missing_and_damaged_data_fail_the_trial_with_the_reason(self):
        text = SMALL.format(epochs=1, replicates=1, slots=1).replace(
            "dataset: glyphs, options: {train: 600, test: 200, seed: 3}",
            f"dataset: mnist, root: {self.cluster.state}/data")
        path = self.cluster.write("mnist.yaml", text)
        self.expect(1, "run", path, says=["train-images-idx3-ubyte"])
        message, = self.cluster.query("SELECT message FROM trials LIMIT 1")[0]
        self.assertIn("tutti data fetch mnist", message)
        os.makedirs(f"{self.cluster.state}/data/mnist")
        for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3",
                     "t10k-labels-idx1"):
            self.cluster.write(f"data/mnist/{name}-ubyte", "\0\0\x08\x09 not an image file")
        self.expect(1, "run", path, says=["magic"])

    def test_a_model_that_does_not_fit_names_layer_and_shapes(self):
        path = self.cluster.write("model.yaml", SMALL.format(epochs=1, replicates=1, slots=1)
                                  .replace("{preset: mnist_cnn}",
                                           "{layers: [{conv: {out: 8, kernel: 3}}, "
                                           "{linear: classes}]}"))
        self.expect(2, "validate", path, says=["layers[1]", "8x26x26"])

    def test_a_batch_smaller_than_the_slots_is_refused(self):
        self.expect(2, "validate", self.small(slots=2), "--set", "training.batch_size=1",
                    says=["batch_size"])

    def test_full_disk_at_start(self):
        mount = tempfile.mkdtemp(prefix="tutti-full-")
        self.addCleanup(shutil.rmtree, mount, ignore_errors=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tutti-full", mount],
                          capture_output=True).returncode != 0:
            self.skipTest("SKIPPED: no permission to mount a small tmpfs")
        self.addCleanup(subprocess.run, ["umount", mount])
        state = os.path.join(mount, "state")
        os.makedirs(os.path.join(state, "logs"), mode=0o700)
        with open(os.path.join(state, "filler"), "wb") as f:
            try:
                f.write(b"x" * (1 << 20))
                f.flush()
            except OSError:
                pass
        done = subprocess.run([os.path.join(BIN, "tutti"), "--state", state, "up"],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, "(?i)no space left|disk.*full")

    def test_no_write_permission(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("SKIPPED: needs root and setpriv to become another user")
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if subprocess.run([*nobody, "test", "-x", os.path.join(BIN, "tutti")]).returncode != 0:
            self.skipTest("SKIPPED: user nobody cannot reach the build folder")
        done = subprocess.run([*nobody, os.path.join(BIN, "tutti"), "--state",
                               self.cluster.state + "/below", "up"],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("Permission denied", done.stderr)


if __name__ == "__main__":
    main()
