#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Captures live traffic of namespaces that it makes, while `why` runs, here or in a guest.
#
#   capture.sh [-e] HOME FILE blog
#       one veth pair in one namespace, and an ARP request that is refused in silence
#   capture.sh [-e] HOME FILE router NUMBERED PACKETS_PER_S COUNT
#       two namespaces with a router between them, and that many datagrams of numbered.c, compiled
#
# HOME: build/vethtrace; FILE: the pcapng; -e: as in faults.sh. Prints what `why` said, as JSON. Exit
# code: of `capture`; 3 where the daemon did not start.
set -eu
emulated=
while getopts e option; do
  case $option in
    e) emulated=yes ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
home=$1 file=$2 scene=$3
shift 3
vethtrace=$home/bin/vethtrace
a=vt-cap-$$-a r=vt-cap-$$-r b=vt-cap-$$-b
folder=$(mktemp -d)
capture= listener= daemon=

finish() {
  for pid in $capture $listener $daemon; do kill "$pid" 2>/dev/null && wait "$pid" || :; done
  for netns in $a $r $b; do ip netns del "$netns" 2>/dev/null || :; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

blog() {
  ip netns add "$a"
  ip -n "$a" link add veth0 type veth peer name veth1
  ip -n "$a" -batch - <<BATCH
address add 192.168.1.1/24 dev veth0
address add 192.168.1.2/24 dev veth1
link set veth0 up
link set veth1 up
link set lo up
BATCH
  taps="-i veth0@$a -i veth1@$a -i lo@$a"
}

router() {
  for netns in "$a" "$r" "$b"; do ip netns add "$netns"; done
  ip -n "$a" link add veth0 type veth peer name left netns "$r"
  ip -n "$b" link add veth0 type veth peer name right netns "$r"
  ip -n "$a" -batch - <<BATCH
address add 10.1.0.2/24 dev veth0
link set veth0 up
route add default via 10.1.0.1
BATCH
  ip -n "$b" -batch - <<BATCH
address add 10.2.0.2/24 dev veth0
link set veth0 up
route add default via 10.2.0.1
BATCH
  ip -n "$r" -batch - <<BATCH
address add 10.1.0.1/24 dev left
address add 10.2.0.1/24 dev right
link set left up
link set right up
BATCH
  ip netns exec "$r" sysctl -qw net.ipv4.ip_forward=1
  ip netns exec "$b" socat -u UDP-RECV:9 OPEN:/dev/null,append &
  listener=$!
  taps="--pair veth0@$a --pair veth0@$b"
}

. "$(dirname "$0")/daemon.sh"
[ -z "$emulated" ] || under_emulation
start_daemon
$scene
rm -f "$file"
# shellcheck disable=SC2086 # options
"$vethtrace" -o json capture $taps -w "$file" >"$file.counts" &
capture=$!
while [ ! -s "$file" ]; do
  kill -0 "$capture" 2>/dev/null || exit 3
  sleep 0.1
done
case $scene in
  # Until the neighbour is given up: only then is the echo request seen.
  blog) "$vethtrace" -o json why -- ip netns exec "$a" ping -c 1 -W 5 -I veth0 192.168.1.2 || : ;;
  router) "$vethtrace" -o json why -- ip netns exec "$a" "$1" "$2" "$3" 10.2.0.2 || : ;;
esac
kill -TERM "$capture" # INT is ignored in the background of a script
code=0
wait "$capture" || code=$?
capture=
exit $code
