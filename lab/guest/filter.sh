#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Traces traffic of several kinds with a filter in the kernel and prints, one JSON object a line: the
# journeys that were seen, then the daemon's status.
#
#   filter.sh HOME FILTER JOURNEYS PORT     HOME: build/vethtrace; PORT: a free one, for metrics
#
# The traffic: pings over a veth pair and over lo, UDP to closed ports over both, and the ARP that they
# need. It waits until JOURNEYS were seen, and a moment for more. Exit code 3 where the daemon did not
# start.
set -u
home=$1 filter=$2 journeys=$3 port=$4
modprobe -q veth 2>/dev/null || :

folder=$(mktemp -d)
netns=vt-filter-$$
daemon= watch=
finish() {
  for child in $watch $daemon; do
    kill "$child" 2>/dev/null && wait "$child"
  done
  for end in a b; do ip netns del $netns-$end 2>/dev/null; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

. "$(dirname "$0")/daemon.sh"

ip netns add $netns-a && ip netns add $netns-b || exit 2
ip -n $netns-a link add veth0 type veth peer name veth1 netns $netns-b
for end in a:veth0:1 b:veth1:2; do
  space=$netns-${end%%:*} device=${end#*:}
  ip -n "$space" address add "10.77.0.${device#*:}/24" dev "${device%:*}"
  ip -n "$space" link set "${device%:*}" up
  ip -n "$space" link set lo up
done

start_daemon --filter "$filter" --metrics "127.0.0.1:$port"
"$home/bin/vethtrace" -o json watch >"$folder/journeys" &
watch=$!
while ! busybox wget -q -O - "http://127.0.0.1:$port/metrics" | grep -q '^vethtrace_clients 1'; do sleep 0.5; done

for i in 1 2 3; do
  ip netns exec $netns-a ping -q -c 1 -W 5 10.77.0.2
  ip netns exec $netns-a ping -q -c 1 -W 5 127.0.0.1
  echo "datagram $i" | ip netns exec $netns-a socat -u - UDP4-SENDTO:10.77.0.2:53
  echo "datagram $i" | ip netns exec $netns-a socat -u - UDP4-SENDTO:127.0.0.1:53
done >&2

# A journey whose end nobody sees is over after a second.
for tenths in $(seq 600); do
  [ "$(grep -c '^{"journey"' "$folder/journeys")" -lt "$journeys" ] || break
  sleep 0.1
done
sleep 2
kill $watch && wait $watch
watch=
cat "$folder/journeys"
"$home/bin/vethtrace" -o json status
