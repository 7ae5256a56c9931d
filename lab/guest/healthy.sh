#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lets healthy traffic of many kinds go on for longer than vethtrace waits before it judges, and prints
# the findings that a watching client got: none, that is.
#
#   healthy.sh HOME SECONDS      HOME: build/vethtrace
set -eu
home=$1 seconds=$2
folder=$(mktemp -d)
client=vt-healthy-$$-c server=vt-healthy-$$-s
daemon= watch= traffic=

finish() {
  for pid in $traffic $watch $daemon; do kill "$pid" 2>/dev/null || :; done
  wait || :
  for netns in $client $server; do ip netns del "$netns" 2>/dev/null || :; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# run NETNS COMMAND…: in the background, until the end
run() {
  ip netns exec "$@" >/dev/null 2>&1 &
  traffic="$traffic $!"
}

# lines MILLIS: one each so many milliseconds
lines() {
  n=$((seconds * 1000 / $1))
  while [ $n -gt 0 ]; do
    echo "line $n"
    sleep "0.$(printf %03d "$1")"
    n=$((n - 1))
  done
}

. "$(dirname "$0")/daemon.sh"
start_daemon
"$home/bin/vethtrace" watch --findings >"$folder/findings" &
watch=$!

ip netns add "$client"
ip netns add "$server"
ip -n "$client" link add veth0 type veth peer name veth0 netns "$server"
ip -n "$client" address add 198.18.0.1/24 dev veth0
ip -n "$server" address add 198.18.0.2/24 dev veth0
for netns in "$client" "$server"; do
  ip -n "$netns" link set lo up
  ip -n "$netns" link set veth0 up
done
run "$server" socat -u UDP-RECV:9 OPEN:/dev/null
run "$server" socat -u TCP-LISTEN:80,fork OPEN:/dev/null
run "$server" socat TCP-LISTEN:81,fork EXEC:cat
sleep 1

run "$client" ping -i 0.2 198.18.0.2
run "$client" ping 127.0.0.1
lines 10 | ip netns exec "$client" socat -u - UDP:198.18.0.2:9 &
lines 10 | ip netns exec "$client" socat -u - TCP:198.18.0.2:80 &
lines 900 | ip netns exec "$client" socat - TCP:198.18.0.2:81 >"$folder/echoed" &
lines 20 | ip netns exec "$client" socat -u - UDP-DATAGRAM:239.1.2.3:9,ip-multicast-if=198.18.0.1 &
lines 20 | ip netns exec "$client" socat -u - UDP-DATAGRAM:198.18.0.255:99,broadcast &
sleep "$seconds"
sleep 2 # the last are judged
[ -s "$folder/echoed" ] || { echo "healthy.sh: no traffic came back" >&2; exit 1; }
"$home/bin/vethtrace" -o json status
kill "$watch"
wait "$watch" || :
watch=
cat "$folder/findings" >&2
