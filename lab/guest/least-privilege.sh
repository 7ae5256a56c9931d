#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Checks docs/privileges.md on the running kernel: as another user than root, with exactly the
# capabilities of that page, vethtraced attaches every probe point by the mechanism that root gets, and
# explains a fault. Needs root and `make build`. Exit code 0 if that is so, 1 if the capabilities are
# not enough, 2 if this machine cannot try it.
#
#   lab/guest/least-privilege.sh [FAULT]                           this machine's kernel
#   lab/guest/run.sh 6.1 -- lab/guest/least-privilege.sh [FAULT]   another
set -uo pipefail

say() {
  echo "least-privilege.sh: $*" >&2
}

# give_up MESSAGE: ends the script because this machine cannot try it.
give_up() {
  say "$1"
  exit 2
}

root=$(realpath "$(dirname "$0")/../..")
bin=$root/build/vethtrace/bin
fault=${1:-blog-accept-local}
nobody=65534
start_seconds=120
# shellcheck source=lib/daemon.sh
. "$root/lab/guest/lib/daemon.sh"

[[ $(id -u) == 0 ]] || give_up "must run as root, which can give capabilities away"
[[ -x $bin/vethtraced ]] || give_up "run make build first"

# AmbientCapabilities=CAP_A CAP_B → +a,+b
wanted=$(sed -n 's/^AmbientCapabilities=//p' "$root/docs/privileges.md")
[[ -n $wanted ]] || give_up "docs/privileges.md has no AmbientCapabilities="
set=-all
for cap in $wanted; do
  cap=${cap#CAP_}
  set+=,+${cap,,}
done

work=$(mktemp -d)
daemon=
finish() {
  stop_process "$daemon"
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chown $nobody "$work"
setpriv --reuid=$nobody --regid=$nobody --clear-groups test -x "$bin/vethtraced" ||
  give_up "user $nobody cannot reach $bin"

# Prints each probe point with its mechanism, from a message in JSON.
mechanisms() {
  grep -o '"name":"[a-z_]*","mechanism":"[a-z_+]*"'
}
"$bin/vethtrace" -o json status >"$work/root" || give_up "root cannot trace here"

# LimitMEMLOCK=infinity, if this root may raise the limit; since Linux 5.11 it does not matter.
ulimit -l unlimited 2>/dev/null
setpriv --reuid=$nobody --regid=$nobody --clear-groups \
  --bounding-set="$set" --inh-caps="$set" --ambient-caps="$set" \
  "$bin/vethtraced" --socket "$work/socket" >"$work/stdout" 2>"$work/stderr" </dev/null &
daemon=$!
has_started_or_ended() {
  [[ -s $work/stdout ]] || ended $daemon
}
await $start_seconds has_started_or_ended
if [[ ! -s $work/stdout ]]; then
  say "with $wanted the daemon does not start: $(tail -n 1 "$work/stderr")"
  exit 1
fi

export VETHTRACE_SERVER=unix:$work/socket
"$bin/vethtrace" doctor
"$bin/vethtrace" -o json status >"$work/given" || exit 1
if ! diff <(mechanisms <"$work/root") <(mechanisms <"$work/given") >&2; then
  say "with $wanted not every probe point is attached as for root (<: root)"
  exit 1
fi
if ! "$bin/vethtrace" lab run "$fault"; then
  say "with $wanted $fault was not explained, or its fix did not help"
  exit 1
fi
echo "$wanted: enough on Linux $(uname -r)"
