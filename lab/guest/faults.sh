#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs faults of the lab under one vethtraced, here or in a guest, and prints what came of it, one
# JSON object a line: a result for each fault, the daemon's status, and the numbers that the kernel's
# BTF has for the two drop reasons which fib_validate_source returns since 6.13.
#
#   faults.sh HOME JOBS FAULT…      HOME: build/vethtrace; FAULT: names, or --all
#
# Exit code: that of `vethtrace lab run`; 3 where the daemon did not start.
set -u
home=$1 jobs=$2
shift 2
# A function of a module that is not loaded yet cannot be hooked.
modprobe -q veth 2>/dev/null || :

folder=$(mktemp -d)
"$home/bin/vethtraced" --socket "$folder/socket" >"$folder/log" 2>&1 &
daemon=$!
finish() {
  kill $daemon 2>/dev/null && wait $daemon
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
while ! grep -q listens "$folder/log"; do
  if ! kill -0 $daemon 2>/dev/null; then
    cat "$folder/log" >&2
    exit 3
  fi
  sleep 0.2
done

VETHTRACE_SERVER=unix:$folder/socket
export VETHTRACE_SERVER
code=0
"$home/bin/vethtrace" -o json lab run --jobs "$jobs" "$@" || code=$?
"$home/bin/vethtrace" -o json status
bpftool btf dump file /sys/kernel/btf/vmlinux | awk -F "['=]" '
  /SKB_DROP_REASON_IP_(LOCAL_SOURCE|RPFILTER)'"'"'/ {sub(/^SKB_DROP_REASON_/, "", $2); numbers[$2] = $4}
  END {
    printf "{\"drop_reasons\":{"
    for (name in numbers) printf "%s\"%s\":%d", comma++ ? "," : "", name, numbers[name]
    print "}}"
  }'
exit $code
