#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Holds docs/privileges.md to its word on the running kernel: vethtraced as another user than root,
# with exactly the capabilities that stand there, watches every probe point by the mechanism that
# root gets, and names a fault and its cure. Needs root and `make build`. Exit code 0 where that
# is so, 1 where the set is not enough, 2 where this cannot be tried.
#
#   lab/guest/least-privilege.sh [FAULT]                           this machine's kernel
#   lab/guest/run.sh 6.1 -- lab/guest/least-privilege.sh [FAULT]   another
set -uo pipefail

say() {
  echo "least-privilege.sh: $*" >&2
}

root=$(realpath "$(dirname "$0")/../..")
bin=$root/build/vethtrace/bin
fault=${1:-blog-accept-local}
nobody=65534
patience_seconds=120

[[ $(id -u) == 0 ]] || { say "must run as root, which can give capabilities away"; exit 2; }
[[ -x $bin/vethtraced ]] || { say "run make build first"; exit 2; }

# AmbientCapabilities=CAP_A CAP_B → +a,+b
wanted=$(sed -n 's/^AmbientCapabilities=//p' "$root/docs/privileges.md")
[[ -n $wanted ]] || { say "docs/privileges.md has no AmbientCapabilities="; exit 2; }
set=-all
for cap in $wanted; do
  cap=${cap#CAP_}
  set+=,+${cap,,}
done

work=$(mktemp -d)
daemon=
finish() {
  if [[ -n $daemon ]]; then kill "$daemon" 2>/dev/null && wait "$daemon"; fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chown $nobody "$work"
setpriv --reuid=$nobody --regid=$nobody --clear-groups test -x "$bin/vethtraced" ||
  { say "user $nobody cannot reach $bin"; exit 2; }

# Each probe point with its mechanism, from a message in JSON.
mechanisms() {
  grep -o '"name":"[a-z_]*","mechanism":"[a-z_+]*"'
}
"$bin/vethtrace" -o json status >"$work/root" || { say "root cannot trace here"; exit 2; }

# LimitMEMLOCK=infinity, where this root may raise the limit; since Linux 5.11 it is of no matter.
ulimit -l unlimited 2>/dev/null
setpriv --reuid=$nobody --regid=$nobody --clear-groups \
  --bounding-set="$set" --inh-caps="$set" --ambient-caps="$set" \
  "$bin/vethtraced" --socket "$work/socket" >"$work/stdout" 2>"$work/stderr" </dev/null &
daemon=$!
for ((i = 0; i < patience_seconds * 5; i++)); do
  if [[ -s $work/stdout ]] || ! kill -0 $daemon 2>/dev/null; then break; fi
  sleep 0.2
done
if [[ ! -s $work/stdout ]]; then
  say "with $wanted the daemon does not start: $(tail -n 1 "$work/stderr")"
  exit 1
fi

export VETHTRACE_SERVER=unix:$work/socket
"$bin/vethtrace" doctor
"$bin/vethtrace" -o json status >"$work/given" || exit 1
if ! diff <(mechanisms <"$work/root") <(mechanisms <"$work/given") >&2; then
  say "with $wanted not every probe point is watched as for root (<: root)"
  exit 1
fi
if ! "$bin/vethtrace" lab run "$fault"; then
  say "with $wanted $fault was not named, or its cure did not help"
  exit 1
fi
echo "$wanted: enough on Linux $(uname -r)"
