#!/usr/bin/env python3
"""House rules that a compiler does not check. Run by ctest; exits 1 and lists every breach.

  layers      a file may include only its own folder's layer and lower ones (LAYERS below)
  purity      pure targets have no thread, clock, file, environment or random device
  boundaries  heavy third-party headers stay out of our headers; proto types out of the domain
  sizes       files <= 400 lines and functions <= 70 lines, but for the ratchet files, which may
              only shrink (size_ratchet.txt)
  names       no folder or file called util, common, helpers, misc or manager
  lists       every source file is listed in the CMakeLists.txt of its folder; every folder of
              sources has a README.md

Usage: tidy.py REPOSITORY [--self-test]
"""
import os
import re
import subprocess
import sys

MAX_FILE = 400
MAX_FUNCTION = 70
SOURCE = (".cc", ".h")

# Folder (or one file of it) -> layer; a file may include folders of a lower layer, or its own.
# Longest prefix wins. Folders of one layer do not see each other.
LAYERS = {
    "experiments/core": 0,
    "experiments/core/config": 1,
    "experiments/models": 2,
    "experiments/metrics": 2,
    "experiments/search": 2,
    "experiments/search/model_based": 2.3,
    "experiments/search/searcher.cc": 2.6,  # dispatches to the machines of both folders
    "experiments/statistics": 2,
    "experiments/spec": 3,
    "coordinator/engine": 4,
    "coordinator/simulation": 5,
    "storage": 5,
    "proto/wire": 4,
    "worker/comm": 4,
    "worker/data": 4,
    "worker/checkpoint": 4,
    "worker/process": 4,
    "dashboards/report": 4,
    "coordinator/service": 6,
    "worker/agent": 6,
    "worker/entrypoint": 6,
    "worker/trainer": 6,
    "cli": 6,
    "tests": 9,
}

PURE = ("experiments/", "coordinator/engine/", "coordinator/simulation/", "dashboards/report/")
BANNED_IN_PURE = [
    (r"std::(thread|jthread|mutex|condition_variable|async)\b", "threads"),
    (r"std::chrono::\w+_clock|\bgettimeofday\b|\bclock_gettime\b|\btime\(nullptr\)", "a clock"),
    (r"std::(i|o)?fstream\b|\bfopen\(|\bopen\(", "files"),
    (r"\bgetenv\b", "the environment"),
    (r"std::random_device|std::mt19937|\brand\(\)", "a random source of its own"),
    (r"#include <(sqlite3|grpcpp|torch|mpi|nccl)", "a third-party system"),
    (r"std::unordered_(map|set)<", "unordered containers (order would leak into decisions)"),
]
HEAVY_HEADERS = r"#include [<\"](torch/torch\.h|grpcpp/|sqlite3\.h|yaml-cpp/|mpi\.h|nccl\.h|CLI/)"
PROTO_OK = ("proto/wire/", "coordinator/service/", "worker/agent/", "cli/", "tests/")
BAD_NAMES = re.compile(r"(^|[/_])(utils?|common|helpers?|misc|managers?)([/_.]|$)")


def tracked_files(root):
    out = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
                         capture_output=True, text=True, check=True).stdout
    return sorted(f for f in out.splitlines() if os.path.exists(os.path.join(root, f)))


def layer_of(path):
    best = max((p for p in LAYERS if path == p or path.startswith(p + "/")), key=len, default=None)
    return best


def check_layers(path, text, breaches):
    mine = layer_of(path)
    if mine is None:
        return
    for line_no, line in enumerate(text.splitlines(), 1):
        m = re.match(r'#include "([^"]+)"', line)
        if not m:
            continue
        theirs = layer_of(m.group(1))
        if theirs is None or theirs == mine or mine == "tests":
            continue
        if LAYERS[theirs] >= LAYERS[mine]:
            breaches.append(f"{path}:{line_no}: layer: {mine} must not include {theirs}")


def check_purity(path, text, breaches):
    if not path.startswith(PURE):
        return
    for line_no, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        for pattern, what in BANNED_IN_PURE:
            if re.search(pattern, code):
                breaches.append(f"{path}:{line_no}: purity: pure code must not use {what}")


def check_boundaries(path, text, breaches):
    for line_no, line in enumerate(text.splitlines(), 1):
        if path.endswith(".h") and not path.startswith("tests/") and re.search(HEAVY_HEADERS, line):
            breaches.append(f"{path}:{line_no}: boundary: heavy include in a header: {line.strip()}")
        if re.search(r"torch/torch\.h", line) and path.startswith(("worker/", "tests/")):
            breaches.append(f"{path}:{line_no}: boundary: torch/torch.h takes 22 s to compile")
        if re.search(r'#include "tutti/v1/', line) and not path.startswith(PROTO_OK):
            breaches.append(f"{path}:{line_no}: boundary: proto types belong in proto/wire")


def functions_of(text):
    """(first line, length) of each function body: a '{' at the end of a line that starts in
    column 0 (or two in a class) and does not open a type, namespace or initialiser."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if not line.rstrip().endswith("{"):
            continue
        # A head of several lines counts from its first one, where its '}' is.
        first, open_parens = i, line.count(")") - line.count("(")
        while open_parens > 0 and first > max(0, i - 8):
            first -= 1
            open_parens += lines[first].count(")") - lines[first].count("(")
        m = re.match(r"^( {0,4})(\S.*)$", lines[first])
        if not m:
            continue
        head = m.group(2)
        if re.match(r"(namespace|class|struct|enum|union|extern|if|for|while|switch|else|do|try)\b",
                    head) or "=" in head.split("(")[0] or "(" not in "".join(lines[max(0, i - 4):i + 1]):
            continue
        close = m.group(1) + "}"
        for j in range(i + 1, len(lines)):
            if lines[j].startswith(close) and not lines[j].startswith(close + " "):
                yield first + 1, j - first + 1
                break


def measure_sizes(path, text):
    sizes = {}
    count = text.count("\n")
    if count > MAX_FILE:
        sizes[path] = count
    for first, length in functions_of(text):
        if length > MAX_FUNCTION:
            name = re.sub(r"\s+", " ", text.splitlines()[first - 1].strip())[:60]
            sizes[f"{path}#{name}"] = length
    return sizes


def check_sizes(sizes, ratchet, breaches):
    for key, size in sorted(sizes.items()):
        if key not in ratchet:
            limit = MAX_FUNCTION if "#" in key else MAX_FILE
            breaches.append(f"{key}: size: {size} lines, at most {limit}")
        elif size > ratchet[key]:
            breaches.append(f"{key}: size: grew from {ratchet[key]} to {size} lines")
    for key, size in sorted(ratchet.items()):
        if sizes.get(key, 0) < size:
            breaches.append(f"{key}: ratchet: is {sizes.get(key, 'small')} now; lower or remove its "
                            f"line in tests/tidy/size_ratchet.txt (says {size})")


def check_names(path, breaches):
    if BAD_NAMES.search(path):
        breaches.append(f"{path}: name: says nothing about what is in it")


def check_lists(files, root, breaches):
    sources = [f for f in files if f.endswith(".cc")]
    for path in sources:
        folder, name = os.path.split(path)
        found = False
        at = folder
        while True:
            cmake = os.path.join(root, at, "CMakeLists.txt")
            if os.path.exists(cmake):
                relative = os.path.relpath(path, at or ".")
                if re.search(r"(^|[\s(/])" + re.escape(relative) + r"($|[\s)\"])",
                             open(cmake).read(), re.M):
                    found = True
                    break
            if not at:
                break
            at = os.path.dirname(at)
        if not found:
            breaches.append(f"{path}: list: not compiled by any CMakeLists.txt above it")
    folders = {os.path.dirname(f) for f in files if f.endswith(SOURCE) and not f.startswith("tests/")}
    for folder in sorted(folders):
        if not os.path.exists(os.path.join(root, folder, "README.md")):
            breaches.append(f"{folder}: list: has no README.md")


def run(root):
    breaches = []
    files = tracked_files(root)
    sizes = {}
    for path in files:
        check_names(path, breaches)
        if not path.endswith(SOURCE):
            continue
        text = open(os.path.join(root, path), encoding="utf-8").read()
        check_layers(path, text, breaches)
        check_purity(path, text, breaches)
        check_boundaries(path, text, breaches)
        sizes.update(measure_sizes(path, text))
    ratchet = {}
    with open(os.path.join(root, "tests/tidy/size_ratchet.txt"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("%"):
                size, key = line.split(" ", 1)
                ratchet[key.strip()] = int(size)
    check_sizes(sizes, ratchet, breaches)
    check_lists(files, root, breaches)
    return breaches


def self_test():
    """Each rule must notice a planted breach and stay silent on good code."""
    def found(check, *arguments):
        breaches = []
        check(*arguments, breaches)
        return len(breaches)

    cases = [
        (found(check_layers, "experiments/core/a.cc", '#include "storage/run_store.h"\n'), 1),
        (found(check_layers, "storage/a.cc", '#include "experiments/core/json.h"\n'), 0),
        (found(check_layers, "experiments/models/a.cc", '#include "experiments/metrics/b.h"\n'), 1),
        (found(check_purity, "coordinator/engine/a.cc", "std::mutex m;\n"), 1),
        (found(check_purity, "coordinator/engine/a.cc", "// std::mutex m;\n"), 0),
        (found(check_purity, "coordinator/service/a.cc", "std::mutex m;\n"), 0),
        (found(check_boundaries, "storage/a.h", "#include <sqlite3.h>\n"), 1),
        (found(check_boundaries, "storage/a.cc", "#include <sqlite3.h>\n"), 0),
        (found(check_boundaries, "storage/a.cc", '#include "tutti/v1/control.pb.h"\n'), 1),
        (found(check_names, "storage/util.cc"), 1),
        (found(check_names, "storage/utility_curve.cc"), 0),
        (found(check_sizes, measure_sizes("a.cc", "x\n" * 401), {}), 1),
        (found(check_sizes, measure_sizes("a.cc", "void F() {\n" + "  x();\n" * 70 + "}\n"), {}), 1),
        (found(check_sizes, measure_sizes("a.cc", "void F() {\n" + "  x();\n" * 60 + "}\n"), {}), 0),
        (found(check_sizes, {"a.cc": 500}, {"a.cc": 450}), 1),
        (found(check_sizes, {"a.cc": 430}, {"a.cc": 450}), 1),
        (found(check_sizes, {"a.cc": 450}, {"a.cc": 450}), 0),
    ]
    bad = [i for i, (got, want) in enumerate(cases) if got != want]
    for i in bad:
        print(f"self-test case {i}: found {cases[i][0]} breaches, expected {cases[i][1]}")
    print(f"tidy self-test: {len(cases) - len(bad)} of {len(cases)} cases right")
    return 1 if bad else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    breaches = run(sys.argv[1])
    for breach in breaches:
        print(breach)
    print(f"tidy: {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
