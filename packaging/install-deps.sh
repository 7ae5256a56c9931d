#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, from the distribution's packages and from nowhere else.
#
#   install-deps.sh build     what `make build` and `make demo` need
#   install-deps.sh test      that, and what the tests need besides
#
# Says nothing and asks no server where nothing is missing.
set -eu

# ${BUILD}: clang and the object tools for the probes; libbpf and libpcap at run time; what the lab's
# faults are made with. ${TEST}: also guests (qemu, busybox, packing tools) and the programs that tests
# compare with or run as.
BUILD="clang llvm make gcc libc6-dev libbpf-dev libbpf1 libpcap0.8 maven iproute2 iputils-ping procps util-linux ethtool socat tcpdump nftables iptables perl-base"
TEST="bpftool prometheus tshark qemu-system-x86 busybox-static cpio gzip kmod xz-utils zstd debian-archive-keyring"

# A client that is not ours runs on Node. Others than the distribution's have npm in one package.
command -v npm >/dev/null || TEST="$TEST nodejs npm"

case ${1:-} in
  build) wanted=$BUILD ;;
  test) wanted="$BUILD $TEST" ;;
  *) echo "usage: install-deps.sh build|test" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "install-deps.sh: this is no Debian or Ubuntu; make sure that the equivalents of these packages are installed: $wanted" >&2
  exit 0
fi

installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
for package in $wanted; do
  installed "$package" || missing="$missing $package"
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
