#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a packet costs that the filter does not match: a datagram over a veth pair, from one namespace
# to another, with nobody looking on, with vethtrace, with tcpdump and the same filter, and with
# vethtrace without a filter; in turns, in the same run. Needs root, make build, gcc and tcpdump.
#   bench/filter.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-11} filter='tcp port 80 or icmp' datagrams=100000

say() {
  echo "bench: $*" >&2
  exit 3
}
[ "$(id -u)" = 0 ] || say "must run as root: it loads BPF programs"
[ -x build/vethtrace/bin/vethtraced ] || say "run make build first"
command -v tcpdump >/dev/null || say "tcpdump was not found: install the package tcpdump"

work=$(mktemp -d)
a=vt-bench-$$-a b=vt-bench-$$-b
rival=
finish() {
  if [ -n "$rival" ]; then kill "$rival" 2>/dev/null && wait "$rival" || :; fi
  for netns in $a $b; do ip netns del "$netns" 2>/dev/null || :; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

gcc -O2 -Wall -Wextra -Werror -o "$work/relay" bench/src/main/c/relay.c
ip netns add $a
ip netns add $b
ip -n $a link add veth0 type veth peer name veth1 netns $b
ip -n $a address add 10.78.0.1/24 dev veth0
ip -n $b address add 10.78.0.2/24 dev veth1
ip -n $a link set veth0 up
ip -n $b link set veth1 up
ip netns exec $a ping -q -c 1 -W 5 10.78.0.2 >/dev/null

# Starts one and waits until it says that it has begun.
begin() { # WORD COMMAND…
  local word=$1
  shift
  "$@" >"$work/log" 2>&1 </dev/null &
  rival=$!
  until grep -q "$word" "$work/log"; do
    kill -0 "$rival" 2>/dev/null || say "$1 ended: $(tail -n 1 "$work/log")"
    sleep 0.05
  done
}

round() { # NAME [WORD COMMAND…]
  local name=$1
  shift
  if (($#)); then begin "$@"; fi
  "$work/relay" $a $b 10.78.0.2 $datagrams >>"$work/$name"
  if [ -n "$rival" ]; then
    kill "$rival" && wait "$rival" || :
    rival=
  fi
}

daemon=build/vethtrace/bin/vethtraced
for ((i = 0; i < rounds; i++)); do
  round alone
  round filtered listens $daemon --socket "$work/socket" --filter "$filter"
  round tcpdump 'listening on' ip netns exec $a tcpdump -i veth0 -w /dev/null "$filter"
  round all listens $daemon --socket "$work/socket"
done

median() { sort -n "$work/$1" | sed -n "$((rounds / 2 + 1))p"; }
row() { # TEXT NAME
  awk -v text="$1" -v ns="$(median "$2")" -v alone="$(median alone)" \
    'BEGIN { printf "  %-44s %6d ns  %5.2f\n", text, ns, ns / alone }'
}
echo "filter: a datagram over a veth pair that '$filter' does not match; medians of $rounds rounds of $datagrams, in turns."
row 'nobody looks on' alone
row 'vethtrace, filtered in the kernel' filtered
row 'tcpdump on one end, the same filter' tcpdump
row 'vethtrace without a filter' all
