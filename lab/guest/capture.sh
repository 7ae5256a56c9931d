#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Captures live traffic of namespaces that it makes, while `why` runs, here or in a guest.
#
#   capture.sh [-e] HOME FILE blog
#   capture.sh [-e] HOME FILE router NUMBERED PACKETS_PER_S COUNT
#       (capturing.sh: the scenes, and the files that they leave)
#
# HOME: build/vethtrace; FILE: the pcapng; -e: as in faults.sh. Exit code: of `capture`; 3 where it, or
# the daemon, did not start.
set -eu
emulated=
while getopts e option; do
  case $option in
    e) emulated=yes ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
home=$1 file=$2 scene=$3
shift 3
prefix=vt-cap-$$
folder=$(mktemp -d)
daemon=

. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/capturing.sh"
finish() {
  no_captures "$prefix"
  if [ -n "$daemon" ]; then kill "$daemon" 2>/dev/null && wait "$daemon" || :; fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

[ -z "$emulated" ] || under_emulation
start_daemon
"capture_$scene" "$prefix" "$file" "$@"
