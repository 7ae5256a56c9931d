#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a command where the kernel does not say its names.
#
#   nameless.sh btf|kallsyms|kptr_restrict… -- COMMAND [ARGUMENT…]
#
#   btf            BTF has no names of drop reasons: others of the same length stand in their places,
#                  so that all else in it stays where it is
#   kallsyms       all addresses in /proc/kallsyms are 0, as for who may not see them
#   kptr_restrict  the same by the kernel itself, for the whole machine: in guests only
#
# What is hidden otherwise is hidden in a mount namespace of the command's own.
set -eu
if [ "${VETHTRACE_NAMELESS:-}" != inside ]; then
  VETHTRACE_NAMELESS=inside exec unshare --mount "$0" "$@"
fi
unset VETHTRACE_NAMELESS
mount --make-rprivate /
# The files must stay; a tmpfs that only this mount namespace has goes with it.
mount -t tmpfs hidden /mnt
while [ "$1" != -- ]; do
  case $1 in
    btf)
      LC_ALL=C sed 's/SKB_DROP_REASON_/_KB_DROP_REASON_/g' /sys/kernel/btf/vmlinux >/mnt/btf
      mount --bind /mnt/btf /sys/kernel/btf/vmlinux
      ;;
    kallsyms)
      sed 's/^[0-9a-f]*/0000000000000000/' /proc/kallsyms >/mnt/kallsyms
      mount --bind /mnt/kallsyms /proc/kallsyms
      ;;
    kptr_restrict) sysctl -qw kernel.kptr_restrict=2 ;;
    *)
      echo "nameless.sh: knows nothing of $1" >&2
      exit 2
      ;;
  esac
  shift
done
shift
exec "$@"
