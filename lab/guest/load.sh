#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Gives the namespaces of a fault other traffic, which is healthy: `vethtrace lab run --beside` runs
# it. Each gets a veth pair (load) to one namespace more, which answers.
#
#   load.sh PROGRAM PACKETS_PER_S      PROGRAM: load.c, compiled; namespaces: $NS, $NS2, …
set -eu
program=$1 rate=$2
others=$NS-load
pid=

finish() {
  if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || :; wait "$pid" || :; fi
  ip netns del "$others"
}

ip netns add "$others"
trap finish EXIT
trap 'exit 0' INT TERM
ip -n "$others" link set lo up

# What ARP would have to find out could be what the fault stops: the neighbours are known.
n=0
for netns in "$NS" "${NS2:-}" "${NS3:-}" "${NS4:-}" "${NS5:-}"; do
  [ -n "$netns" ] || continue
  ip -n "$netns" link add load address "02:00:c6:12:$n:01" type veth peer name "load$n" \
    address "02:00:c6:12:$n:02" netns "$others"
  ip -n "$netns" -batch - <<BATCH
address add 198.18.$n.1/30 dev load
link set load up
neigh replace 198.18.$n.2 lladdr 02:00:c6:12:$n:02 nud permanent dev load
BATCH
  ip -n "$others" -batch - <<BATCH
address add 198.18.$n.2/30 dev load$n
link set load$n up
neigh replace 198.18.$n.1 lladdr 02:00:c6:12:$n:01 nud permanent dev load$n
BATCH
  n=$((n + 1))
done
timeout 10 sh -c 'while ip -n "$1" link | grep -q "load.*state \(DOWN\|LOWERLAYERDOWN\|UNKNOWN\)"; do sleep 0.1; done' - "$others"

# shellcheck disable=SC2086 # the namespaces that there are
"$program" "$rate" "$others" $NS ${NS2:-} ${NS3:-} ${NS4:-} ${NS5:-} &
pid=$!
wait "$pid" || :
