#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs faults of the lab with one vethtraced, on this machine or in a guest. Prints one JSON object a
# line: a result for each fault, then the daemon's status.
#
#   faults.sh [-e] [-b COMMAND] [-f FILTER] [-m FOLDER] [-p FOLDER] HOME JOBS FAULT…
#                                        HOME: build/vethtrace; FAULT: names, or --all
#
#   -e    for an emulated guest: the programs spare the CPU (lib/daemon.sh)
#   -b    runs in the background of each fault (lab run --beside)
#   -f    the daemon's trace filter
#   -m    afterwards lets veth ends refuse three rounds of datagrams (lib/refused-sources.sh, namespaces
#         vt-refusing-…), and writes to FOLDER the daemon's metrics after the first and the last round
#   -p    afterwards makes both captures of lib/captures.sh (namespaces vt-captured-…): blog.pcapng and
#         router.pcapng of FOLDER, which has numbered.c, compiled, as numbered
#
# Exit code: that of `vethtrace lab run`, or of the steps afterwards; 3 if the daemon did not start.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=lib/daemon.sh
. "$here/lib/daemon.sh"
# shellcheck source=lib/refused-sources.sh
. "$here/lib/refused-sources.sh"
# shellcheck source=lib/captures.sh
. "$here/lib/captures.sh"

emulated='' metrics='' captures='' port=9435 lab_options=() daemon_options=()
while getopts eb:f:m:p: option; do
  case $option in
    e) emulated=yes ;;
    b) lab_options+=(--beside "$OPTARG") ;;
    f) daemon_options+=(--filter "$OPTARG") ;;
    m) metrics=$OPTARG daemon_options+=(--metrics "127.0.0.1:$port") ;;
    p) captures=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
home=$1 jobs=$2
shift 2
# The daemon cannot hook a function of a module that is not loaded yet.
modprobe -q veth 2>/dev/null || :

folder=$(mktemp -d)
daemon=
# shellcheck disable=SC2317 # the trap calls it
finish() {
  stop_jobs
  remove_refusing_pairs vt-refusing
  remove_capture_netns vt-captured
  stop_process "$daemon"
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [[ -n $emulated ]]; then
  write_emulation_options "$home" "$folder"
  export VETHTRACE_AOT=@$folder/vethtrace.options VETHTRACED_AOT=@$folder/vethtraced.options
  # A history means that the daemon judges all traffic, which costs more CPU than the commands do.
  daemon_options+=(--history-bytes 0)
fi
daemon=$(start_daemon "$home" "$folder" "${daemon_options[@]}") || exit 3
export VETHTRACE_SERVER=unix:$folder/socket

# Exit code 1 if the metrics cannot be read.
refuse_sources() {
  local rounds
  make_refusing_pairs vt-refusing
  for rounds in 1 2; do
    for ((round = 0; round < rounds; round++)); do send_refused_round vt-refusing; done
    sleep 1
    busybox wget -q -O "$metrics/metrics-$rounds" "http://127.0.0.1:$port/metrics" || return 1
  done
  remove_refusing_pairs vt-refusing
}

code=0
"$home/bin/vethtrace" -o json lab run --jobs "$jobs" "${lab_options[@]}" "$@" || code=$?
if [[ -n $metrics ]]; then
  refuse_sources || code=1
fi
if [[ -n $captures ]]; then
  capture_blog "$home" vt-captured "$captures/blog.pcapng" || code=$?
  remove_capture_netns vt-captured
  capture_router "$home" vt-captured "$captures/router.pcapng" "$captures/numbered" 100 300 || code=$?
  remove_capture_netns vt-captured
fi
exit $code
