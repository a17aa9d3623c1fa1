"""Goal: `tutti predict` reads pictures as people have them, with a network that it trained itself.
Method: a small network learns drawn digits; pictures are drawn here with strokes of a pen in other sizes,
inks, papers, shadings and formats, and written without any library; then rubbish among them."""
import json
import math
import os
import random
import struct
import subprocess
import zlib

from cluster import BIN, ClusterTest, main

DIGITS = """
name: digits
data: {dataset: glyphs, options: {train: 6000, test: 500, seed: 3, classes: 10}}
model: {preset: mnist_cnn}
training: {epochs: 4, batch_size: 60, optimizer: {name: adam, lr: 1e-3}}
searcher: {name: single, metric: validation_accuracy, smaller_is_better: false}
ensemble: {members: 2}
"""

# Strokes of each digit as polylines in a box of width and height 1.
STROKES = {
    0: [[(.5, 0), (.2, .12), (.05, .5), (.2, .88), (.5, 1), (.8, .88), (.95, .5), (.8, .12), (.5, 0)]],
    1: [[(.2, .25), (.55, 0), (.55, 1)]],
    2: [[(.08, .25), (.25, .05), (.55, 0), (.85, .12), (.9, .35), (.6, .65), (.08, 1), (.95, 1)]],
    3: [[(.1, .08), (.5, 0), (.85, .12), (.85, .35), (.45, .48), (.9, .62), (.9, .85), (.5, 1),
         (.08, .92)]],
    4: [[(.65, 0), (.05, .68), (.95, .68)], [(.68, .35), (.68, 1)]],
    5: [[(.88, 0), (.18, 0), (.12, .45), (.5, .38), (.85, .5), (.92, .72), (.75, .94), (.4, 1),
         (.08, .9)]],
    6: [[(.8, .05), (.4, .12), (.12, .45), (.08, .75), (.3, 1), (.7, .98), (.92, .75), (.75, .52),
         (.4, .5), (.1, .68)]],
    7: [[(.08, 0), (.92, 0), (.4, 1)]],
    8: [[(.5, .46), (.2, .35), (.15, .15), (.5, 0), (.85, .15), (.8, .35), (.5, .46), (.15, .62),
         (.1, .85), (.5, 1), (.9, .85), (.85, .62), (.5, .46)]],
    9: [[(.9, .3), (.7, .48), (.3, .5), (.08, .3), (.25, .05), (.65, 0), (.9, .2), (.9, .5),
         (.7, .95)]],
}


def ink(width, height, marks):
    """0 … 1 for each pixel; marks: (digit, x, y, w, h, pen)."""
    segments = []
    for digit, x, y, w, h, pen in marks:
        for line in STROKES[digit]:
            points = [(x + u * w, y + v * h) for u, v in line]
            segments += [(a, b, pen) for a, b in zip(points, points[1:])]
    rows = [[0.0] * width for _ in range(height)]
    for (x0, y0), (x1, y1), pen in segments:
        dx, dy = x1 - x0, y1 - y0
        for y in range(max(0, int(min(y0, y1) - pen)), min(height, int(max(y0, y1) + pen) + 1)):
            row = rows[y]
            for x in range(max(0, int(min(x0, x1) - pen)), min(width, int(max(x0, x1) + pen) + 1)):
                px, py = x + .5 - x0, y + .5 - y0
                t = min(1, max(0, (px * dx + py * dy) / (dx * dx + dy * dy)))
                covered = pen / 2 + .5 - math.hypot(px - t * dx, py - t * dy)
                if covered > row[x]:
                    row[x] = min(1.0, covered)
    return rows


def paint(rows, paper, pen, light=lambda x, y: 1, noise=0):
    """RGB rows of ink on paper."""
    rng = random.Random(1)
    height, width = len(rows), len(rows[0])
    picture = []
    for y, row in enumerate(rows):
        out = bytearray()
        for x, a in enumerate(row):
            factor = light(x / width, y / height)
            for p, i in zip(paper, pen):
                value = factor * (p * (1 - a) + i * a) + (rng.gauss(0, noise) if noise else 0)
                out.append(min(255, max(0, int(value + .5))))
        picture.append(bytes(out))
    return picture


def png(rows, channels, depth=8):
    """Rows of bytes as a PNG file; channels 1, 3 or 4."""
    width = len(rows[0]) // channels // (depth // 8)
    kind = {1: 0, 3: 2, 4: 6}[channels]

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b""))


def bmp(rows):
    width, pad = len(rows[0]) // 3, -len(rows[0]) % 4
    data = b"".join(bytes(b for i in range(0, len(row), 3) for b in (row[i + 2], row[i + 1], row[i])) +
                    b"\0" * pad for row in reversed(rows))
    return (b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54) +
            struct.pack("<IiiHHIIiiII", 40, width, len(rows), 1, 24, 0, len(data), 0, 0, 0, 0) + data)


def pnm(rows, channels):
    head = b"P6" if channels == 3 else b"P5"
    return head + b" %d %d 255\n" % (len(rows[0]) // channels, len(rows)) + b"".join(rows)


def grey(rows, low=0, high=255):
    return [bytes(int(high + (low - high) * a + .5) for a in row) for row in rows]


def alpha(rows, colour):
    return [b"".join(bytes(colour) + bytes([int(255 * a + .5)]) for a in row) for row in rows]


def pictures():
    """name -> bytes; a name begins with what stands in the picture."""
    made = {}
    made["0_white_on_black.png"] = png(grey(ink(64, 64, [(0, 18, 10, 28, 42, 6)]), 255, 0), 1)
    made["1_tiny.png"] = png(grey(ink(24, 32, [(1, 7, 5, 8, 21, 3)])), 1)
    made["2_red_on_cream.ppm"] = pnm(
        paint(ink(150, 200, [(2, 35, 40, 75, 110, 13)]), (250, 240, 215), (200, 40, 40)), 3)
    made["3_blue_shaded.png"] = png(paint(
        ink(300, 240, [(3, 110, 50, 85, 130, 14)]), (235, 230, 220), (40, 50, 140),
        lambda x, y: 1 - .4 * x - .1 * y, 4), 3)
    made["4_transparent.png"] = png(alpha(ink(120, 120, [(4, 30, 20, 60, 80, 9)]), (0, 0, 0)), 4)
    made["5_yellow_note.bmp"] = bmp(
        paint(ink(201, 160, [(5, 90, 25, 60, 95, 11)]), (250, 235, 120), (20, 80, 50)))
    made["6_sixteen_bits.png"] = png(
        [b"".join(struct.pack(">H", int(60000 - 52000 * a)) for a in row)
         for row in ink(160, 160, [(6, 45, 30, 60, 95, 12)])], 1, 16)
    made["7_thin_pencil.pgm"] = pnm(grey(ink(260, 260, [(7, 80, 50, 95, 150, 3)]), 150, 235), 1)
    made["8_chalk.png"] = png(paint(ink(220, 260, [(8, 60, 45, 95, 160, 14)]), (40, 75, 58),
                                    (225, 230, 222), lambda x, y: 1 - .3 * y, 5), 3)
    made["9_white_ink_transparent.png"] = png(
        alpha(ink(100, 140, [(9, 25, 20, 50, 95, 9)]), (255, 255, 255)), 4)
    made["2_red_on_green.png"] = png(paint(
        ink(180, 180, [(2, 50, 35, 70, 105, 13)]), (70, 150, 70), (205, 80, 70)), 3)
    made["3_large.pgm"] = pnm(grey(ink(900, 700, [(3, 300, 150, 240, 380, 40)]), 30, 240), 1)
    return made


class Predict(ClusterTest):
    def setUp(self):
        super().setUp()
        self.folder = os.path.join(self.cluster.state, "pictures")
        os.mkdir(self.folder)
        self.cluster.tutti("up", "--slots", "1")
        self.cluster.tutti("submit", "--wait", self.cluster.write("digits.yaml", DIGITS))

    def save(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(data)
        return path

    def predict(self, *arguments, check=True):
        done = self.cluster.tutti("predict", "1.1@best", "-o", "json", *arguments, check=check)
        return json.loads(done.stdout), done

    def test_pictures_of_all_kinds(self):
        made = pictures()
        for name, data in made.items():
            self.save(name, data)
        answers, _ = self.predict(self.folder)
        self.assertEqual([os.path.basename(a["file"]) for a in answers], sorted(made))
        wrong = [(os.path.basename(a["file"]), a["top"]) for a in answers
                 if a["prediction"] != os.path.basename(a["file"])[0]]
        self.assertLessEqual(len(wrong), 1, wrong)
        for answer in answers:
            self.assertEqual(len(answer["top"]), 3)
            self.assertEqual(answer["top"][0]["label"], answer["prediction"])
            self.assertGreaterEqual(answer["top"][0]["p"], answer["top"][1]["p"])
            self.assertLessEqual(sum(t["p"] for t in answer["top"]), 1 + 1e-9)
        self.check_ensemble()
        self.check_several_characters()
        self.check_standard_input(made["8_chalk.png"])
        self.check_bad_input()
        self.check_without_a_running_cluster()

    def check_ensemble(self):
        """The mean of both members' probabilities, as they say them alone."""
        second = json.loads(self.cluster.tutti(
            "predict", "1.2@best", self.folder, "--top", "10", "-o", "json").stdout)
        first, _ = self.predict(self.folder, "--top", "10")
        both = json.loads(self.cluster.tutti(
            "predict", "--ensemble", "1", self.folder, "--top", "10", "-o", "json").stdout)
        self.assertEqual(len(both), len(first))
        for a, b, mean in zip(first, second, both):
            p, q, m = ({t["label"]: t["p"] for t in x["top"]} for x in (a, b, mean))
            for label, value in m.items():
                self.assertAlmostEqual(value, (p[label] + q[label]) / 2, places=9)

    def check_several_characters(self):
        marks = [(d, 20 + 75 * i, 25 + 6 * (i % 2), 45, 75, 8) for i, d in enumerate([3, 1, 0, 4])]
        path = self.save("several.png", png(
            paint(ink(330, 130, marks), (235, 232, 225), (40, 40, 90)), 3))
        answers, _ = self.predict("--segment", path)
        self.assertEqual([a["character"] for a in answers], [0, 1, 2, 3])
        lefts = [a["box"][0] for a in answers]
        self.assertEqual(lefts, sorted(lefts))
        right = sum(a["prediction"] == d for a, d in zip(answers, "3104"))
        self.assertGreaterEqual(right, 3, answers)
        text = self.cluster.tutti("predict", "1.1", "--segment", "--preview", path).stdout
        self.assertIn("several.png: " + "".join(a["prediction"] for a in answers), text)
        self.assertIn("█", text)
        os.remove(path)

    def check_standard_input(self, data):
        done = subprocess.run(
            [os.path.join(BIN, "tutti"), "--state", self.cluster.state, "predict", "last", "-", "-o",
             "json", "--top", "1"], input=data, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        answer, = json.loads(done.stdout)
        self.assertEqual((answer["file"], len(answer["top"])), ("-", 1))

    def check_bad_input(self):
        good = self.save("good.png", png(grey(ink(64, 64, [(1, 20, 10, 20, 40, 6)])), 1))
        header = struct.pack(">IIBBBBB", 20000, 20000, 8, 0, 0, 0, 0)
        bad = {
            "empty.png": (b"", "0 bytes"),
            "text.jpg": (b"this is no picture at all", "no picture of a known format"),
            "one.png": (png([b"\0"], 1), "1 x 1"),
            "blank.png": (png([b"\xff" * 50] * 50, 1), "blank"),
            "huge.png": (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header +
                         struct.pack(">I", zlib.crc32(b"IHDR" + header)), "20000 x 20000"),
            "cut.png": (png(grey(ink(64, 64, [(1, 20, 10, 20, 40, 6)])), 1)[:-30], "truncated"),
        }
        paths = [self.save(name, data) for name, (data, _) in bad.items()]
        answers, done = self.predict(*paths, good, self.folder + "/absent.png", check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        by_name = {os.path.basename(a["file"]): a for a in answers}
        self.assertIn("prediction", by_name["good.png"])
        self.assertIn("No such file", by_name["absent.png"]["error"])
        for name, (_, message) in bad.items():
            self.assertIn(message, by_name[name]["error"])
            self.assertIn(name, done.stderr)
        # Nothing to ask about: no network is loaded, and the errors are all there is.
        answers, done = self.predict(paths[0], check=False)
        self.assertEqual((done.returncode, len(answers)), (1, 1))
        for words, code in ((("9.9@best", good), 3), (("1.1@worst", good), 2), (("1.1@e99", good), 3),
                            (("1.1",), 2), (("--ensemble", "7", good), 3)):
            done = self.cluster.tutti("predict", *words, check=False)
            self.assertEqual(done.returncode, code, (words, done.stderr))

    def check_without_a_running_cluster(self):
        self.cluster.tutti("down")
        answers, _ = self.predict(os.path.join(self.folder, "good.png"))
        self.assertEqual(len(answers), 1)
        self.assertIsNone(self.cluster.pid_in("coordinator"))


class DataShow(ClusterTest):
    """`tutti data show` needs no cluster."""

    def test_numbers_bars_and_pictures_of_a_file_and_of_a_name(self):
        path = self.cluster.write("digits.yaml", DIGITS)
        shown = json.loads(self.cluster.tutti("data", "show", path, "-o", "json").stdout)
        self.assertEqual(shown["shape"], [1, 28, 28])
        self.assertEqual(shown["class_names"], list("0123456789"))
        self.assertEqual({k: v["n"] for k, v in shown["splits"].items()},
                         {"train": 5400, "validation": 600, "test": 500})
        for split in shown["splits"].values():
            self.assertEqual(sum(split["class_counts"]), split["n"])
            self.assertEqual(sum(split["intensity"]), split["n"] * 28 * 28)
        grid = os.path.join(self.cluster.state, "grid.png")
        text = self.cluster.tutti("data", "show", "glyphs", "--split", "test", "--classes", "7,A",
                                  "--samples", "2", "--preview", "--out", grid).stdout
        self.assertIn("█", text)
        self.assertIn("\nA ", text)
        self.assertNotIn("\nB ", text)
        with open(grid, "rb") as f:
            head = f.read(24)
        self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", head[16:])
        self.assertGreater(width, 2 * 56)
        self.assertGreater(height, 2 * 56)
        for words, code in ((("nothing",), 2), (("mnist",), 3), (("glyphs", "--classes", "@"), 3),
                            (("glyphs", "--split", "validation"), 3)):
            done = self.cluster.tutti("data", "show", *words, check=False)
            self.assertEqual(done.returncode, code, (words, done.stderr))


if __name__ == "__main__":
    main()
