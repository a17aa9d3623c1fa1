#!/usr/bin/env bash
# Compiles and links the CUDA trainer and the NCCL communicator on a machine that has neither a GPU
# nor a CUDA toolkit, so that this path does not rot unseen. Nothing is run. It takes torch's CUDA
# wheel and the header wheels of the same CUDA version, unpacks what a compiler and a linker read
# (1.2 GB), and keeps that in ~/.cache/tutti/cuda-check for the next time (a first run downloads
# 740 MB).
#
# usage: cmake/cuda_compile_check.sh [--fetch-only]
# environment: TUTTI_BUILD_DIR (builds in $TUTTI_BUILD_DIR-cuda, default ./build-cuda),
#              TUTTI_JOBS (parallel compilations), XDG_CACHE_HOME
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly TORCH_VERSION=2.13.0
readonly TUTTI_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/tutti
readonly CACHE=$TUTTI_CACHE/cuda-check
readonly SITE=$CACHE/torch-$TORCH_VERSION
readonly BUILD=${TUTTI_BUILD_DIR:-$PWD/build}-cuda
readonly NEEDED_MIB=3500
incoming=

say() { printf 'cuda_compile_check: %s\n' "$*" >&2; }
die() { say "FAILED: $*"; exit 1; }
clean_up() { [ -z "$incoming" ] || rm -rf "$incoming"; }
trap clean_up EXIT

# quietly LOG COMMAND…: on failure shows the end of the log.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; die "$* (all of its output: $log)"; }
}

# A pip of our own environment (build.sh makes it), else the machine's, else that of a new
# environment: Debian's python3 alone has none.
find_python() {
  local candidate
  for candidate in "$TUTTI_CACHE"/python-torch-*/bin/python python3; do
    if "$candidate" -m pip --version >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  python3 -m venv "$incoming/venv" >&2 ||
    die "no pip: neither python3 -m pip nor python3 -m venv works; install python3-venv"
  echo "$incoming/venv/bin/python"
}

# download REQUIREMENT…: wheels into $incoming/wheels, without what they depend on. Local wheel
# folders are left out: they may hold torch's CPU build, which satisfies the same version.
download() {
  PIP_FIND_LINKS='' PIP_DISABLE_PIP_VERSION_CHECK=1 quietly "$CACHE/pip.log" \
    "$python" -m pip download --no-input --no-deps --no-cache-dir --only-binary=:all: \
    --dest "$incoming/wheels" "$@"
}

# required WHEEL NAME [EXTRA]: the requirement on NAME in the wheel's METADATA, like NAME==1.2.
required() {
  "$python" - "$@" <<'PYTHON'
import glob, re, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1])[0])
metadata = next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
name, extra = sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""
for line in wheel.read(metadata).decode().splitlines():
    found = re.match(r"Requires-Dist: (" + re.escape(name) + r")(?:\[[^]]*\])?(==[^;\s]+)", line)
    if found and (not extra or f"extra == '{extra}'" in line or f'extra == "{extra}"' in line):
        print(found.group(1) + found.group(2))
        break
else:
    sys.exit(f"{wheel.filename} does not require {name}")
PYTHON
}

# Headers and the libraries that we link; without the Python half and the kernels' other libraries.
unpack() {
  "$python" - "$incoming" <<'PYTHON'
import glob, re, sys, zipfile
incoming = sys.argv[1]
wanted = re.compile(r"torch/include/.*"
                    r"|torch/lib/lib(torch|torch_cpu|torch_cuda|c10|c10_cuda|gomp)\.so[.0-9]*"
                    r"|nvidia/[^/]+/include/.*|nvidia/[^/]+/lib/lib(cudart|nccl)\.so[.0-9]*"
                    r"|torch\.libs/.*")
for path in glob.glob(incoming + "/wheels/*.whl"):
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            if wanted.fullmatch(name):
                wheel.extract(name, incoming + "/site")
PYTHON
}

fetch() {
  [ ! -d "$SITE" ] || return 0
  mkdir -p "$CACHE"
  local free
  free=$(df -Pm "$CACHE" | awk 'NR == 2 {print $4}')
  [ "$free" -ge "$NEEDED_MIB" ] ||
    die "$CACHE has $free MiB free; $NEEDED_MIB are needed while the wheels are unpacked"
  # What a killed run left behind.
  find "$CACHE" -maxdepth 1 -name 'incoming.*' -mmin +120 -exec rm -rf {} +
  incoming=$(mktemp -d "$CACHE/incoming.XXXXXX")
  python=$(find_python)
  say "downloading torch $TORCH_VERSION with CUDA, NCCL and headers (740 MB) to $CACHE"
  local wheels=$incoming/wheels requirement nccl toolkit
  download "torch===$TORCH_VERSION"
  nccl=$(required "$wheels/torch-*.whl" nvidia-nccl-cu13) ||
    die "torch $TORCH_VERSION from this index names no nvidia-nccl-cu13; is it a CPU build?"
  toolkit=$(required "$wheels/torch-*.whl" cuda-toolkit) || die "torch names no cuda-toolkit"
  download "$nccl" "$toolkit"
  # The runtime's headers include those of crt/ (nvidia-cuda-crt) and nv/ (nvidia-cuda-cccl).
  local headers=()
  for requirement in nvidia-cuda-runtime:cudart nvidia-cuda-crt:crt nvidia-cuda-cccl:cccl; do
    headers+=("$(required "$wheels/cuda_toolkit-*.whl" "${requirement%:*}" "${requirement#*:}")") ||
      die "$toolkit names no ${requirement%:*}"
  done
  download "${headers[@]}"
  unpack || die "the wheels in $wheels could not be unpacked"
  local file
  for file in torch/lib/libtorch_cuda.so torch/lib/libc10_cuda.so nvidia/nccl/include/nccl.h; do
    [ -s "$incoming/site/$file" ] || die "$file is in none of the wheels: $(ls "$wheels")"
  done
  printf '%s\n' "torch==$TORCH_VERSION" "$nccl" "${headers[@]}" >"$incoming/site/versions"
  # The folder gets its name only now, whole. A run beside this one may have been faster.
  mv -T "$incoming/site" "$SITE" 2>/dev/null || [ -d "$SITE" ] || die "cannot rename to $SITE"
  local old
  for old in "$CACHE"/torch-*; do
    [ "$old" = "$SITE" ] || rm -rf "$old"
  done
}

jobs() {
  local by_memory
  by_memory=$(($(awk '/MemAvailable/{print int($2 / 1048576)}' /proc/meminfo) / 2))
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo "${TUTTI_JOBS:-$(($(nproc) < by_memory ? $(nproc) : by_memory))}"
}

build() {
  local generator=()
  ! command -v ninja >/dev/null || generator=(-G Ninja)
  mkdir -p "$BUILD"
  # A toolkit of this machine must not stand in for a header wheel.
  quietly "$BUILD/configure.log" env -u CUDA_HOME -u CUDA_PATH cmake -S . -B "$BUILD" \
    "${generator[@]}" -DTUTTI_TRAINER_ONLY=ON -DTUTTI_BUILD_TESTS=OFF -DTUTTI_CUDA=ON \
    -DTUTTI_LINK_CHECK_ONLY=ON -DTUTTI_LIBTORCH="$SITE/torch"
  quietly "$BUILD/build.log" cmake --build "$BUILD" --parallel "$(jobs)" \
    --target tutti-trainer nccl_conformance
}

# The right files were compiled, against the right headers, and NCCL is really in the programs.
inspect() {
  local commands=$BUILD/compile_commands.json program
  grep -q 'worker/comm/nccl\.cc' "$commands" || die "worker/comm/nccl.cc was not compiled"
  ! grep -q '/usr/local/cuda\|worker/comm/no_nccl\.cc\|trainer/cpu_only\.cc' "$commands" ||
    die "an installed CUDA toolkit or a file of the CPU build is in $commands"
  for program in tutti-trainer nccl_conformance; do
    local file=$BUILD/bin/$program
    readelf -d "$file" | grep -q 'NEEDED.*libnccl\.so' || die "$file does not need libnccl.so"
    nm -D --undefined-only "$file" | grep -qw ncclAllReduce || die "$file never calls ncclAllReduce"
  done
  readelf -d "$BUILD/bin/tutti-trainer" | grep -q 'NEEDED.*libtorch_cuda\.so' ||
    die "tutti-trainer does not load libtorch_cuda.so"
}

started=$SECONDS
fetch
fetched=$((SECONDS - started))
[ "${1:-}" != --fetch-only ] || { say "kept in $SITE"; exit 0; }
build
inspect
say "OK: tutti-trainer and nccl_conformance compile and link with CUDA and NCCL" \
  "($(paste -sd' ' "$SITE/versions"); fetch $fetched s, build $((SECONDS - started - fetched)) s)"
