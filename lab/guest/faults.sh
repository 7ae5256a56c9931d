#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs faults of the lab under one vethtraced, here or in a guest, and prints what came of it, one
# JSON object a line: a result for each fault, then the daemon's status.
#
#   faults.sh [-i] [-b COMMAND] HOME JOBS FAULT…
#                                        HOME: build/vethtrace; FAULT: names, or --all
#
#   -i    the programs interpret their code and compile none of it: under emulation to compile costs
#         more than it saves, as what is compiled has to be translated once more
#   -b    runs beside each fault (lab run --beside)
#
# Exit code: that of `vethtrace lab run`; 3 where the daemon did not start.
set -u
option_of_jvm= beside=
while getopts ib: option; do
  case $option in
    i) option_of_jvm=-Xint ;;
    b) beside=$OPTARG ;;
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
  if [ -n "$daemon" ]; then kill "$daemon" 2>/dev/null && wait "$daemon"; fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

. "$(dirname "$0")/daemon.sh"
interpret "$option_of_jvm"
start_daemon
code=0
"$home/bin/vethtrace" -o json lab run --jobs "$jobs" ${beside:+--beside "$beside"} "$@" || code=$?
"$home/bin/vethtrace" -o json status
exit $code
