#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes one capture of lib/captures.sh, on this machine or in a guest.
#
#   capture.sh [-e] HOME FILE blog
#   capture.sh [-e] HOME FILE router NUMBERED PACKETS_PER_S COUNT
#
# HOME: build/vethtrace; FILE: the pcapng; -e: as in faults.sh. Exit code: that of `capture`; 3 if
# `capture` or the daemon did not start.
set -eu
here=$(dirname "$(realpath "$0")")
# shellcheck source=lib/daemon.sh
. "$here/lib/daemon.sh"
# shellcheck source=lib/captures.sh
. "$here/lib/captures.sh"

emulated=
while getopts e option; do
  case $option in
    e) emulated=yes ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
home=$1 file=$2 name=$3
shift 3
prefix=vt-cap-$$
folder=$(mktemp -d)
daemon='' daemon_options=()

finish() {
  stop_jobs || :
  remove_capture_netns "$prefix"
  stop_process "$daemon" || :
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [[ -n $emulated ]]; then
  write_emulation_options "$home" "$folder"
  export VETHTRACE_AOT=@$folder/vethtrace.options VETHTRACED_AOT=@$folder/vethtraced.options
  daemon_options+=(--history-bytes 0)
fi
daemon=$(start_daemon "$home" "$folder" "${daemon_options[@]}") || exit 3
export VETHTRACE_SERVER=unix:$folder/socket
"capture_$name" "$home" "$prefix" "$file" "$@"
