#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs faults of the lab under one vethtraced, here or in a guest, and prints what came of it, one
# JSON object a line: a result for each fault, then the daemon's status.
#
#   faults.sh [-e] [-b COMMAND] [-f FILTER] [-m FOLDER] [-p FOLDER] HOME JOBS FAULT…
#                                        HOME: build/vethtrace; FAULT: names, or --all
#
#   -e    in an emulated guest: the programs spare the CPU (daemon.sh)
#   -b    runs beside each fault (lab run --beside)
#   -f    the daemon traces only what matches
#   -m    then lets veth ends refuse three rounds of refusing.sh (its namespaces begin with vt-refusing),
#         and leaves in FOLDER what the daemon's metrics said after the first and after the last
#   -p    then captures both scenes of capturing.sh (their namespaces begin with vt-captured) into
#         blog.pcapng and router.pcapng of FOLDER, which has numbered.c, compiled, as numbered
#
# Exit code: that of `vethtrace lab run`, or of what came then; 3 where the daemon did not start.
set -u
emulated= beside= filter= metrics= captures= port=9435
while getopts eb:f:m:p: option; do
  case $option in
    e) emulated=yes ;;
    b) beside=$OPTARG ;;
    f) filter=$OPTARG ;;
    m) metrics=$OPTARG ;;
    p) captures=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
home=$1 jobs=$2
shift 2
# A function of a module that is not loaded yet cannot be hooked.
modprobe -q veth 2>/dev/null || :

folder=$(mktemp -d)
daemon=
finish() {
  [ -z "$captures" ] || no_captures vt-captured
  if [ -n "$daemon" ]; then kill "$daemon" 2>/dev/null && wait "$daemon"; fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/refusing.sh"
. "$(dirname "$0")/capturing.sh"
[ -z "$emulated" ] || under_emulation
start_daemon ${filter:+--filter "$filter"} ${metrics:+--metrics "127.0.0.1:$port"}
code=0
"$home/bin/vethtrace" -o json lab run --jobs "$jobs" ${beside:+--beside "$beside"} "$@" || code=$?
if [ -n "$metrics" ]; then
  refusing_pairs vt-refusing
  for rounds in 1 2; do
    for round in $(seq "$rounds"); do refused_round vt-refusing; done
    sleep 1
    busybox wget -q -O "$metrics/metrics-$rounds" "http://127.0.0.1:$port/metrics" || code=1
  done
  for netns in local filter; do ip netns del "vt-refusing-$netns"; done
fi
if [ -n "$captures" ]; then
  capture_blog vt-captured "$captures/blog.pcapng" || code=$?
  no_captures vt-captured
  capture_router vt-captured "$captures/router.pcapng" "$captures/numbered" 100 300 || code=$?
  no_captures vt-captured
fi
exit $code
