#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sends other, healthy traffic through the namespaces of a fault; `vethtrace lab run --beside` runs this
# script. Each namespace gets a device `load` and a veth pair to one more namespace, which answers.
#
#   load.sh PROGRAM PACKETS_PER_S      PROGRAM: load.c, compiled; namespaces: $NS, $NS2, …
set -eu
program=$1 rate=$2
others=$NS-load
pid=

finish() {
  if [[ -n $pid ]]; then
    kill "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  fi
  ip netns del "$others"
}

ip netns add "$others"
trap finish EXIT
trap 'exit 0' INT TERM
ip -n "$others" link set lo up

# A fault may stop ARP, so that the neighbours are set here.
n=0 namespaces=()
for netns in "$NS" "${NS2:-}" "${NS3:-}" "${NS4:-}" "${NS5:-}"; do
  [[ -n $netns ]] || continue
  namespaces+=("$netns")
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
# shellcheck disable=SC2016 # the inner shell's argument
timeout 10 sh -c 'while ip -n "$1" link | grep -q "load.*state \(DOWN\|LOWERLAYERDOWN\|UNKNOWN\)"; do sleep 0.1; done' - "$others"

"$program" "$rate" "$others" "${namespaces[@]}" &
pid=$!
wait "$pid" || :
