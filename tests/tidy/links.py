#!/usr/bin/env python3
"""The must-not-link list of docs/architecture: what each program may never load, directly or
through its libraries (`ldd`). Usage: links.py BIN_DIRECTORY"""
import os
import re
import subprocess
import sys

FORBIDDEN = {
    "tutti": ["libtorch", "libc10", "libmpi", "libcuda", "libnccl"],
    "tutti-coordinator": ["libtorch", "libc10", "libmpi", "libcuda", "libnccl"],
    "tutti-worker": ["libtorch", "libc10", "libmpi", "libcudart", "libnccl", "libsqlite3"],
    "tutti-entrypoint": ["libgrpc", "libprotobuf", "libsqlite3", "libyaml-cpp", "libtorch",
                         "libmpi"],
    "tutti-trainer": ["libgrpc", "libprotobuf", "libsqlite3", "libyaml-cpp"],
}
# Seen at least once, so that a broken ldd cannot pass.
EXPECTED = {
    "tutti": ["libgrpc++", "libsqlite3"],
    "tutti-coordinator": ["libgrpc++", "libsqlite3"],
    "tutti-worker": ["libgrpc++"],
    "tutti-entrypoint": ["libstdc++"],
    "tutti-trainer": ["libtorch_cpu", "libmpi"],
}


def libraries(path):
    out = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in out.splitlines() if line.strip()]


def main():
    failures = 0
    for program, forbidden in FORBIDDEN.items():
        path = os.path.join(sys.argv[1], program)
        if not os.path.exists(path):
            if program == "tutti-trainer":
                print("tutti-trainer: SKIPPED, this build has no torch")
                continue
            print(f"{program}: missing in {sys.argv[1]}")
            failures += 1
            continue
        names = libraries(path)
        for prefix in forbidden:
            for name in names:
                if re.match(re.escape(prefix) + r"[._]", name) or name.startswith(prefix):
                    print(f"{program}: links {name}, must not link {prefix}")
                    failures += 1
        for prefix in EXPECTED[program]:
            if not any(name.startswith(prefix) for name in names):
                print(f"{program}: expected to link {prefix}; does ldd work here?")
                failures += 1
        print(f"{program}: {len(names)} libraries")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
