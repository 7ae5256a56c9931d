#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lets healthy traffic of many kinds go on for longer than vethtrace waits before it judges, and tells on
# standard error the findings that a watching client got: none, that is. Then the server answers no ARP
# request any more, and the client asks anew.
#
#   healthy.sh HOME SECONDS      HOME: build/vethtrace
#
# Prints JSON, one object a line: the daemon's status as all was well, then what the client is told until
# the fault has been found.
set -eu
home=$1 seconds=$2
folder=$(mktemp -d)
client=vt-healthy-$$-c server=vt-healthy-$$-s
daemon= watch= traffic= senders=

finish() {
  for pid in $senders $traffic $watch $daemon; do kill "$pid" 2>/dev/null || :; done
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
  perl -e '
    my ($seconds, $millis) = @ARGV;
    $| = 1;
    for (1 .. $seconds * 1000 / $millis) { print "line $_\n"; select undef, undef, undef, $millis / 1000 }
  ' "$seconds" "$1"
}

# send MILLIS ADDRESS: lines, until all are sent; what goes wrong is told
send() {
  lines "$1" | ip netns exec "$client" socat -u - "$2" &
  senders="$senders $!"
}

# Waits until all three servers listen.
await_servers() {
  tries=0
  until [ "$(ip netns exec "$server" ss -Hlntu | wc -l)" -eq 3 ]; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "healthy.sh: a server does not listen" >&2; exit 1; }
    sleep 0.1
  done
}

. "$(dirname "$0")/daemon.sh"
start_daemon
ip netns add "$client"
ip netns add "$server"
"$home/bin/vethtrace" -o json watch --findings --netns "$client" --netns "$server" >"$folder/findings" &
watch=$!
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
await_servers

run "$client" ping -i 0.2 198.18.0.2
run "$client" ping 127.0.0.1
send 10 UDP:198.18.0.2:9
send 10 TCP:198.18.0.2:80
lines 900 | ip netns exec "$client" socat - TCP:198.18.0.2:81 >"$folder/echoed" &
senders="$senders $!"
send 20 UDP-DATAGRAM:239.1.2.3:9,ip-multicast-if=198.18.0.1
send 20 UDP-DATAGRAM:198.18.0.255:99,broadcast
# shellcheck disable=SC2086 # processes
wait $senders
senders=
sleep 2 # the last are judged
[ -s "$folder/echoed" ] || { echo "healthy.sh: no traffic came back" >&2; exit 1; }
"$home/bin/vethtrace" -o json status
cat "$folder/findings" >&2

ip netns exec "$server" sysctl -qw net.ipv4.conf.veth0.arp_ignore=8
ip -n "$client" neigh flush dev veth0
tries=0
while ! grep -q '}$' "$folder/findings" && [ $tries -lt 150 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
kill "$watch"
wait "$watch" || :
watch=
cat "$folder/findings"
