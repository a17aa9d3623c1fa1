#!/usr/bin/env bash
# Sets up, builds, tests and runs Tutti. Safe to call again: what is there is not done twice.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly TORCH_VERSION=2.13.0
readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/tutti
readonly BUILD=${TUTTI_BUILD_DIR:-$PWD/build}

usage() {
  cat <<'TEXT'
usage: ./build.sh                    set up this machine and build everything
       ./build.sh run [FILE] [ARG…]  build, then `tutti run FILE` (default experiments/quickstart.yaml)
       ./build.sh test [CTEST ARG…]  build everything with its tests, then run them
       ./build.sh --help

What it needs it installs: Debian packages (as root, or through sudo), and LibTorch from pip into a
private environment below ~/.cache/tutti. Where `nvidia-smi` finds a GPU the CUDA build of torch is
taken, else the CPU build.

environment:
  TUTTI_LIBTORCH    an existing LibTorch (a libtorch folder or a pip-installed torch package) to
                    use instead of installing one
  TUTTI_BUILD_DIR   where to build (default ./build); programs land in its bin/
  TUTTI_BUILD_TYPE  Release (default), Debug or RelWithDebInfo
  TUTTI_JOBS        parallel compilations (default: by cores and memory)
TEXT
}

say() { printf 'build.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Runs a command with its output in a log; on failure shows the end of it.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    die "failed: $* (all of its output: $log)"
  fi
}

readonly PACKAGES=(
  g++ cmake ninja-build ccache mold pkg-config git ca-certificates
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  libsqlite3-dev sqlite3 libyaml-cpp-dev libcli11-dev libspdlog-dev libcurl4-openssl-dev libssl-dev
  zlib1g-dev libopenmpi-dev openmpi-bin libgtest-dev libgmock-dev python3 python3-venv
  librsvg2-bin fonts-dejavu-core  # tutti report: charts as PNG files
  libstb-dev libwebp-dev libtiff-dev
  libeigen3-dev libboost-dev
)

install_packages() {
  command -v dpkg-query >/dev/null ||
    die "this is not Debian; install what these packages are called here: ${PACKAGES[*]}"
  local missing=()
  local package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "packages are missing and this is not root; as root run: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing Debian packages: ${missing[*]}"
  quietly "$CACHE/logs/apt-update.log" "${root[@]}" apt-get update
  quietly "$CACHE/logs/apt-install.log" "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
}

has_gpu() { command -v nvidia-smi >/dev/null && nvidia-smi -L 2>/dev/null | grep -q '^GPU '; }

# The private Python environment: torch (unless TUTTI_LIBTORCH names one), and numpy and safetensors
# for the test that opens our checkpoints from Python.
install_python() {
  local flavour=cpu
  has_gpu && flavour=cuda
  VENV=$CACHE/python-torch-$TORCH_VERSION-$flavour
  local done_mark=$VENV/.complete
  if [ ! -e "$done_mark" ]; then
    local python=/usr/bin/python3
    [ -x "$python" ] || python=python3
    say "installing torch $TORCH_VERSION ($flavour) into $VENV"
    rm -rf "$VENV"
    quietly "$CACHE/logs/venv.log" "$python" -m venv "$VENV"
    install_torch "$flavour"
    quietly "$CACHE/logs/pip.log" "$VENV/bin/pip" install --no-input numpy safetensors
    touch "$done_mark"
  fi
  LIBTORCH=${TUTTI_LIBTORCH:-$("$VENV/bin/python" -c \
    'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])')}
  [ -e "$LIBTORCH/lib/libtorch_cpu.so" ] ||
    die "no LibTorch in $LIBTORCH (lib/libtorch_cpu.so is missing); check TUTTI_LIBTORCH"
}

# The plain CPU build is tried first, since PyPI's plain `torch` brings gigabytes of CUDA.
install_torch() {
  local pip=("$VENV/bin/pip" install --no-input)
  local log=$CACHE/logs/pip-torch.log
  if [ "$1" = cpu ]; then
    "${pip[@]}" "torch==$TORCH_VERSION+cpu" >"$log" 2>&1 && return
    "${pip[@]}" --extra-index-url https://download.pytorch.org/whl/cpu \
      "torch==$TORCH_VERSION+cpu" >>"$log" 2>&1 && return
    say "no CPU build of torch $TORCH_VERSION to be had; taking the general one"
  fi
  quietly "$log" "${pip[@]}" "torch==$TORCH_VERSION"
  # Headers that those of the CUDA runtime include; torch brings the runtime and NCCL itself.
  if [ "$1" = cuda ]; then
    quietly "$log" "${pip[@]}" 'cuda-toolkit[crt,cccl]'
  fi
}

jobs() {
  local cores memory_gib
  cores=$(nproc)
  memory_gib=$(awk '/MemAvailable/{print int($2 / 1048576)}' /proc/meminfo)
  local by_memory=$((memory_gib / 2))
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo "${TUTTI_JOBS:-$((cores < by_memory ? cores : by_memory))}"
}

configure() {
  local wanted=(-G Ninja -DCMAKE_BUILD_TYPE="${TUTTI_BUILD_TYPE:-Release}" -DCMAKE_UNITY_BUILD=ON
    -DTUTTI_LIBTORCH="$LIBTORCH" -DTUTTI_TEST_PYTHON="$VENV/bin/python")
  local stamp=$BUILD/.configured
  if [ ! -e "$BUILD/build.ninja" ] || [ "$(cat "$stamp" 2>/dev/null)" != "${wanted[*]}" ]; then
    say "configuring $BUILD"
    rm -f "$BUILD/CMakeCache.txt"
    quietly "$BUILD/configure.log" cmake -S . -B "$BUILD" "${wanted[@]}"
    printf '%s' "${wanted[*]}" >"$stamp"
  fi
}

# compile [TARGET…]: everything without targets.
compile() {
  if ninja -C "$BUILD" -n "$@" 2>/dev/null | grep -q 'no work to do'; then return; fi
  local started=$SECONDS
  say "building (the whole takes some minutes the first time)"
  if [ -t 2 ]; then
    ninja -C "$BUILD" -j "$(jobs)" "$@" >&2 || die "the build failed"
  else
    quietly "$BUILD/build.log" ninja -C "$BUILD" -j "$(jobs)" "$@"
  fi
  say "built in $((SECONDS - started)) s"
}

set_up() {
  local started=$SECONDS
  install_packages
  install_python
  configure
  [ $((SECONDS - started)) -lt 5 ] || say "set up in $((SECONDS - started)) s"
}

readonly PROGRAMS=(tutti tutti-coordinator tutti-worker tutti-trainer)

case "${1:-}" in
  -h | --help | help) usage ;;
  '')
    set_up
    compile
    say "programs: $BUILD/bin"
    ;;
  run)
    shift
    file=experiments/quickstart.yaml
    if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then
      file=$1
      shift
    fi
    [ -e "$file" ] || die "no such file: $file"
    set_up
    compile "${PROGRAMS[@]}"
    exec "$BUILD/bin/tutti" run "$file" "$@"
    ;;
  test)
    shift
    set_up
    compile
    started=$SECONDS
    status=0
    ctest --test-dir "$BUILD" --output-on-failure --no-tests=error "$@" || status=$?
    say "tests ran for $((SECONDS - started)) s"
    exit $status
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
