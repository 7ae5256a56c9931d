#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes traffic of several kinds while the daemon has a trace filter. Prints one JSON object a line: the
# journeys, then the daemon's status.
#
#   filter.sh HOME FILTER JOURNEYS PORT     HOME: build/vethtrace; PORT: a free one, for metrics
#
# The traffic: pings over a veth pair and over lo, UDP to closed ports over both, and the ARP that they
# need. The script waits until it has read JOURNEYS, and two seconds for more. Exit code 3 if the daemon
# did not start.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=lib/daemon.sh
. "$here/lib/daemon.sh"

home=$1 filter=$2 journeys=$3 port=$4
modprobe -q veth 2>/dev/null || :

folder=$(mktemp -d)
prefix=vt-filter-$$
daemon=
finish() {
  stop_jobs
  stop_process "$daemon"
  for name in a b; do ip netns del "$prefix-$name" 2>/dev/null; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ip netns add "$prefix-a" && ip netns add "$prefix-b" || exit 2
ip -n "$prefix-a" link add veth0 type veth peer name veth1 netns "$prefix-b"
# configure NETNS DEVICE ADDRESS
configure() {
  ip -n "$1" address add "$3/24" dev "$2"
  ip -n "$1" link set "$2" up
  ip -n "$1" link set lo up
}
configure "$prefix-a" veth0 10.77.0.1
configure "$prefix-b" veth1 10.77.0.2

has_client() {
  busybox wget -q -O - "http://127.0.0.1:$port/metrics" | grep -q '^vethtrace_clients 1'
}

has_journeys() {
  (($(grep -c '^{"journey"' "$folder/journeys") >= journeys))
}

daemon=$(start_daemon "$home" "$folder" --filter "$filter" --metrics "127.0.0.1:$port") || exit 3
export VETHTRACE_SERVER=unix:$folder/socket
"$home/bin/vethtrace" -o json watch >"$folder/journeys" &
await 60 has_client || exit 1

for i in 1 2 3; do
  ip netns exec "$prefix-a" ping -q -c 1 -W 5 10.77.0.2
  ip netns exec "$prefix-a" ping -q -c 1 -W 5 127.0.0.1
  echo "datagram $i" | ip netns exec "$prefix-a" socat -u - UDP4-SENDTO:10.77.0.2:53
  echo "datagram $i" | ip netns exec "$prefix-a" socat -u - UDP4-SENDTO:127.0.0.1:53
done >&2

# A journey without a last hop ends after a second.
await 60 has_journeys
sleep 2
stop_jobs
cat "$folder/journeys"
"$home/bin/vethtrace" -o json status
