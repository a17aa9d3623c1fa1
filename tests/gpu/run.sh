#!/usr/bin/env bash
# Checks the trainer on a machine with a GPU and measures it against PyTorch: see README.md and
# docs/gpu.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() {
  cat <<'TEXT'
usage: tests/gpu/run.sh [--cpu-only] [agreement|nccl|speed …]
  --cpu-only  all but NCCL with --device cpu: a test of these scripts where there is no GPU
  parts       only these; default all

Needs a C++ compiler, CMake, and a Python with a CUDA build of torch and the wheels it brings (NCCL,
CUDA runtime); the headers crt/ and nv/ from a CUDA toolkit or the wheels nvidia-cuda-crt and
nvidia-cuda-cccl. No network, gRPC, protobuf, SQLite, MPI or GoogleTest.

environment:
  PYTHON               the interpreter that has torch (default python3)
  TUTTI_BUILD_DIR      builds in $TUTTI_BUILD_DIR-gpu (default ./build-gpu)
  TUTTI_GPU_OUT        where runs leave their files (default a new folder in /tmp)
  TUTTI_GPU_COMPILE=1  measures torch.compile too
  TUTTI_JOBS           parallel compilations (default one per core)
Exit code: 0 if all that ran agrees, 1 if not, 2 for a wrong argument.
TEXT
}

readonly PYTHON=${PYTHON:-python3}
readonly BUILD=${TUTTI_BUILD_DIR:-$PWD/build}-gpu
device=cuda
parts=()
for argument in "$@"; do
  case $argument in
    --cpu-only) device=cpu ;;
    agreement | nccl | speed) parts+=("$argument") ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
[ ${#parts[@]} -gt 0 ] || parts=(agreement nccl speed)

say() { printf 'gpu: %s\n' "$*"; }
die() { say "FAILED: $*" >&2; exit 1; }
has() { [[ " ${parts[*]} " == *" $1 "* ]]; }

torch=$("$PYTHON" -c 'import torch; print(torch.__path__[0])') ||
  die "$PYTHON cannot import torch; name another interpreter with PYTHON"
if [ $device = cuda ]; then
  "$PYTHON" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' ||
    die "torch in $torch sees no GPU (nvidia-smi?); --cpu-only tests the scripts without one"
fi

build() {
  local generator=() log=$BUILD/build.log cuda=ON started=$SECONDS targets=(tutti-trainer)
  ! command -v ninja >/dev/null || generator=(-G Ninja)
  if [ $device = cuda ]; then targets+=(nccl_conformance); else cuda=OFF; fi
  mkdir -p "$BUILD"
  { cmake -S . -B "$BUILD" "${generator[@]}" -DTUTTI_TRAINER_ONLY=ON -DTUTTI_BUILD_TESTS=OFF \
      -DTUTTI_WARNINGS_AS_ERRORS=OFF -DTUTTI_CUDA=$cuda -DTUTTI_LIBTORCH="$torch" &&
    cmake --build "$BUILD" --parallel "${TUTTI_JOBS:-$(nproc)}" --target "${targets[@]}"
  } >"$log" 2>&1 || { tail -n 40 "$log" >&2; die "the build failed (all of its output: $log)"; }
  say "built in $((SECONDS - started)) s"
}

failed=()
skipped=
build
if has nccl; then
  if [ $device = cpu ]; then
    say "SKIPPED nccl: --cpu-only, and NCCL needs a GPU"
    skipped=" (nccl SKIPPED)"
  else
    timeout 120 "$BUILD/bin/nccl_conformance" || failed+=(nccl)
  fi
fi
out=${TUTTI_GPU_OUT:-$(mktemp -d /tmp/tutti-gpu.XXXXXX)}
mkdir -p "$out"
for part in agreement speed; do
  has $part || continue
  PYTHONDONTWRITEBYTECODE=1 "$PYTHON" tests/gpu/check.py "$BUILD/bin/tutti-trainer" "$out" $device \
    $part || failed+=("$part")
done
[ ${#failed[@]} -eq 0 ] || die "${failed[*]} (runs and logs: $out)"
say "OK: ${parts[*]} on $device$skipped (runs: $out)"
