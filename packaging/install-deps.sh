#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs missing packages, from the distribution and from nowhere else.
#
#   install-deps.sh build     what `make build`, `make check` and `make demo` need
#   install-deps.sh format    what `make format` needs
#   install-deps.sh test      all that `make test` needs
#
# Prints nothing and asks no server if nothing is missing.
set -eu

# clang and the object tools compile the probes. libbpf and libpcap are loaded at run time. The other
# programs of BUILD make the faults of the lab. TEST has what guests need (qemu, busybox, packing tools)
# and the programs that tests compare with or run as.
BUILD="clang llvm make gcc libc6-dev libbpf-dev libbpf1 libpcap0.8 maven iproute2 iputils-ping procps util-linux ethtool socat tcpdump nftables iptables perl-base"
FORMAT="clang-format shellcheck shfmt"
TEST="bpftool prometheus tshark qemu-system-x86 busybox-static cpio gzip kmod xz-utils zstd debian-archive-keyring"

# One test is a gRPC client on Node. Where Node does not come from the distribution, npm comes with it.
command -v npm >/dev/null || TEST="$TEST nodejs npm"

case ${1:-} in
  build) wanted=$BUILD ;;
  format) wanted="maven $FORMAT" ;;
  test) wanted="$BUILD $FORMAT $TEST" ;;
  *)
    echo "usage: install-deps.sh build|format|test" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "install-deps.sh: this is not Debian or Ubuntu; install the equivalents of these packages: $wanted" >&2
  exit 0
fi

# shellcheck disable=SC2086 # a list of names
installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' $wanted 2>/dev/null || :)"
missing=
for package in $wanted; do
  case $installed in
    *" installed:$package "*) ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "install-deps.sh: these packages are missing; install them as root: apt-get install$missing" >&2
  exit 1
fi

echo "Installing$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
  "$@" </dev/null >"$log" 2>&1 || {
    echo "install-deps.sh: $* failed:" >&2
    tail -n 20 "$log" >&2
    exit 1
  }
}
quietly apt-get -q -o Acquire::Retries=3 update
# shellcheck disable=SC2086 # a list of names
quietly apt-get -q -y -o Acquire::Retries=3 --no-install-recommends install $missing
