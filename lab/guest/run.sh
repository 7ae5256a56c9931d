#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Boots one of Debian's kernels under QEMU's software emulation and runs a command there as root.
#
#   run.sh [-t SECONDS] [-m MEMORY] [-c CPUS] [-s FOLDER] LINE -- COMMAND [ARGUMENT…]
#
#   LINE        kernel line, as kernel.sh takes it: 5.10, 6.1, 6.12, 7.x, or exact
#   -t SECONDS  end the guest after this time (900)
#   -m MEMORY   as QEMU takes it (3G)
#   -c CPUS     (2)
#   -s FOLDER   folder of this machine that the command finds, writable, at /run/share
#
# The guest's / is this machine's / with a tmpfs over it: the command finds this machine's programs, the
# build and the current folder, may write everywhere, and changes nothing here but FOLDER. It gets its
# arguments unchanged, an empty standard input, and its own two output streams.
# Exit code: the command's; 124 if the time ran out; 125 if the guest ended without an exit code.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
seconds=900 memory=3G cpus=2 share=

fail() {
  echo "run.sh: $*" >&2
  exit 125
}

while getopts t:m:c:s: option; do
  case $option in
    t) seconds=$OPTARG ;;
    m) memory=$OPTARG ;;
    c) cpus=$OPTARG ;;
    s) share=$OPTARG ;;
    *) exit 125 ;;
  esac
done
shift $((OPTIND - 1))
if (($# < 3)) || [[ $2 != -- ]]; then
  fail "usage: run.sh [-t SECONDS] [-m MEMORY] [-c CPUS] [-s FOLDER] LINE -- COMMAND [ARGUMENT…]"
fi
line=$1
shift 2
command -v qemu-system-x86_64 >/dev/null || fail "qemu-system-x86_64 is missing; install qemu-system-x86"
[[ -z $share || -d $share ]] || fail "$share is no folder to share"

kernel=$("$here/kernel.sh" "$line") || exit 125
initramfs=$("$here/initramfs.sh" "$kernel") || exit 125

work=$(mktemp -d)
share=$(realpath "${share:-$work}")
guest=$share/.guest # where init looks: the script, the kernel's folder, and afterwards the exit code
[[ ! -e $guest ]] || fail "$share is in use by another guest (if not, remove $guest)"
qemu=
# shellcheck disable=SC2317 # the trap calls it
finish() {
  if [[ -n $qemu ]] && kill "$qemu" 2>/dev/null; then wait "$qemu" || true; fi
  rm -rf "$work" "$guest"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$guest"
echo "$kernel" >"$guest/kernel"
# shellcheck disable=SC2016 # the guest expands it
{
  printf 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8\n'
  printf 'stdout=$(grep -lx stdout /sys/class/virtio-ports/*/name) stderr=$(grep -lx stderr /sys/class/virtio-ports/*/name)\n'
  printf 'stdout=/dev/$(basename "${stdout%%/name}") stderr=/dev/$(basename "${stderr%%/name}")\n'
  printf 'ip link set lo up\n'
  printf '(cd %q && exec' "$PWD"
  printf ' %q' "$@"
  printf ') </dev/null >"$stdout" 2>"$stderr"\n'
  printf 'echo $? >/run/share/.guest/exit-code\n'
  printf 'sync; /bin/busybox poweroff -f\n'
} >"$guest/start"

mkfifo "$work/stdout" "$work/stderr"
cat "$work/stdout" &
copies=($!)
cat "$work/stderr" >&2 &
copies+=($!)

# timeout gives QEMU a process group of its own, so that Ctrl-C ends the guest through finish();
# pdeathsig ends it if this script is killed. The CPU is an old one because emulation is slowest at vector
# instructions and five levels of page tables. nice leaves the CPU to other tests.
setpriv --pdeathsig TERM nice -n 10 timeout -k 5 "$seconds" \
  qemu-system-x86_64 -accel tcg,thread=multi -cpu Nehalem -smp "$cpus" -m "$memory" -no-reboot -nodefaults -display none \
  -kernel "$kernel/vmlinuz" -initrd "$initramfs" -append "console=ttyS0 quiet panic=-1 mitigations=off norandmaps" \
  -chardev file,id=console,path="$work/console" -serial chardev:console \
  -fsdev local,id=host,path=/,security_model=none,multidevs=remap,readonly=on \
  -device virtio-9p-pci,fsdev=host,mount_tag=host \
  -fsdev local,id=share,path="$share",security_model=none -device virtio-9p-pci,fsdev=share,mount_tag=share \
  -device virtio-serial-pci \
  -chardev file,id=stdout,path="$work/stdout" -device virtserialport,chardev=stdout,name=stdout \
  -chardev file,id=stderr,path="$work/stderr" -device virtserialport,chardev=stderr,name=stderr \
  -device virtio-rng-pci </dev/null >"$work/qemu" 2>&1 &
qemu=$!
status=0
wait $qemu || status=$?
qemu=
# If QEMU ended before it opened the pipes, the copies still wait for a writer.
: 9<>"$work/stdout" # does not block, unlike opening for writing only
: 9<>"$work/stderr"
wait "${copies[@]}"

if [[ -s $guest/exit-code ]]; then
  exit "$(cat "$guest/exit-code")"
fi
if ((status == 124 || status == 137)); then
  echo "run.sh: the guest was ended after $seconds s" >&2
  exit 124
fi
echo "run.sh: the guest ended without the command's exit code (QEMU's: $status); the last of its console and of QEMU's output:" >&2
tail -n 40 "$work/console" "$work/qemu" >&2 || true
exit 125
