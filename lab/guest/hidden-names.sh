#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command on a kernel that hides its names.
#
#   hidden-names.sh btf|kallsyms|kptr_restrict… -- COMMAND [ARGUMENT…]
#
#   btf            BTF has no names of drop reasons: it has others of the same length in their place, so
#                  that everything else keeps its offset
#   kallsyms       all addresses in /proc/kallsyms are 0, as for a user without privileges
#   kptr_restrict  the same by the kernel's setting, for the whole machine: in guests only
#
# The first two apply to the command's own mount namespace only.
set -eu
if [[ ${VETHTRACE_HIDDEN_NAMES:-} != inside ]]; then
  VETHTRACE_HIDDEN_NAMES=inside exec unshare --mount "$0" "$@"
fi
unset VETHTRACE_HIDDEN_NAMES
mount --make-rprivate /
# The files have to stay; the tmpfs goes away with this mount namespace.
mount -t tmpfs hidden /mnt
while [[ $1 != -- ]]; do
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
      echo "hidden-names.sh: cannot hide $1" >&2
      exit 2
      ;;
  esac
  shift
done
shift
exec "$@"
