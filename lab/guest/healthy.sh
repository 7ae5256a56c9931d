#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes healthy traffic of many kinds for longer than vethtrace waits before it judges, and prints to
# standard error the findings that a watching client got: there must be none. Then the server stops
# answering ARP requests, and the client asks again.
#
#   healthy.sh HOME SECONDS      HOME: build/vethtrace
#
# Prints JSON, one object a line: the daemon's status while nothing was wrong, then all findings of the
# client until the fault was found.
set -eu
here=$(dirname "$(realpath "$0")")
# shellcheck source=lib/daemon.sh
. "$here/lib/daemon.sh"

home=$1 seconds=$2
folder=$(mktemp -d)
client=vt-healthy-$$-c server=vt-healthy-$$-s
daemon=

finish() {
  stop_jobs || :
  stop_process "$daemon" || :
  for netns in "$client" "$server"; do ip netns del "$netns" 2>/dev/null || :; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# in_background NETNS COMMAND…: runs a command until the end of the script.
in_background() {
  ip netns exec "$@" >/dev/null 2>&1 &
}

# print_lines MILLIS: prints a line every so many milliseconds.
print_lines() {
  perl -e '
    my ($seconds, $millis) = @ARGV;
    $| = 1;
    for (1 .. $seconds * 1000 / $millis) { print "line $_\n"; select undef, undef, undef, $millis / 1000 }
  ' "$seconds" "$1"
}

# send MILLIS ADDRESS: sends a line every so many milliseconds.
send() {
  print_lines "$1" | ip netns exec "$client" socat -u - "$2"
}

has_three_servers() {
  (($(ip netns exec "$server" ss -Hlntu | wc -l) == 3))
}

has_finding() {
  grep -q '}$' "$folder/findings"
}

daemon=$(start_daemon "$home" "$folder") || exit 3
export VETHTRACE_SERVER=unix:$folder/socket
ip netns add "$client"
ip netns add "$server"
"$home/bin/vethtrace" -o json watch --findings --netns "$client" --netns "$server" >"$folder/findings" &
ip -n "$client" link add veth0 type veth peer name veth0 netns "$server"
ip -n "$client" address add 198.18.0.1/24 dev veth0
ip -n "$server" address add 198.18.0.2/24 dev veth0
for netns in "$client" "$server"; do
  ip -n "$netns" link set lo up
  ip -n "$netns" link set veth0 up
done
in_background "$server" socat -u UDP-RECV:9 OPEN:/dev/null
in_background "$server" socat -u TCP-LISTEN:80,fork OPEN:/dev/null
in_background "$server" socat TCP-LISTEN:81,fork EXEC:cat
await 30 has_three_servers

in_background "$client" ping -i 0.2 198.18.0.2
in_background "$client" ping 127.0.0.1
senders=()
send 10 UDP:198.18.0.2:9 &
senders+=($!)
send 10 TCP:198.18.0.2:80 &
senders+=($!)
print_lines 900 | ip netns exec "$client" socat - TCP:198.18.0.2:81 >"$folder/echoed" &
senders+=($!)
send 20 UDP-DATAGRAM:239.1.2.3:9,ip-multicast-if=198.18.0.1 &
senders+=($!)
send 20 UDP-DATAGRAM:198.18.0.255:99,broadcast &
senders+=($!)
wait "${senders[@]}"
sleep 2 # until the last conversations are judged
[[ -s $folder/echoed ]] || {
  echo "healthy.sh: no traffic came back" >&2
  exit 1
}
"$home/bin/vethtrace" -o json status
cat "$folder/findings" >&2

ip netns exec "$server" sysctl -qw net.ipv4.conf.veth0.arp_ignore=8
ip -n "$client" neigh flush dev veth0
await 15 has_finding || :
stop_jobs || :
cat "$folder/findings"
