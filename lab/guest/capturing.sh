# SPDX-License-Identifier: Apache-2.0
# For scripts to read in: live traffic of namespaces that are made for it, captured while `why` runs. They
# set $home to build/vethtrace, and VETHTRACE_SERVER to a daemon. The names of the namespaces begin with
# PREFIX.
#
# Each leaves FILE, FILE.counts (what `capture` said, as JSON) and FILE.why (what `why` said).
# shellcheck shell=sh disable=SC2154

# capture_blog PREFIX FILE: one veth pair in one namespace, and an ARP request that is refused in
# silence. Until the neighbour is given up: only then is the echo request seen.
capture_blog() {
  ip netns add "$1-a"
  ip -n "$1-a" link add veth0 type veth peer name veth1
  ip -n "$1-a" -batch - <<BATCH
address add 192.168.1.1/24 dev veth0
address add 192.168.1.2/24 dev veth1
link set veth0 up
link set veth1 up
link set lo up
BATCH
  captured "$2" "-i veth0@$1-a -i veth1@$1-a -i lo@$1-a" \
    ip netns exec "$1-a" ping -c 1 -W 5 -I veth0 192.168.1.2
}

# capture_router PREFIX FILE NUMBERED PACKETS_PER_S COUNT: two namespaces with a router between them,
# and that many datagrams of numbered.c, compiled.
capture_router() {
  for netns in a r b; do ip netns add "$1-$netns"; done
  ip -n "$1-a" link add veth0 type veth peer name left netns "$1-r"
  ip -n "$1-b" link add veth0 type veth peer name right netns "$1-r"
  ip -n "$1-a" -batch - <<BATCH
address add 10.1.0.2/24 dev veth0
link set veth0 up
route add default via 10.1.0.1
BATCH
  ip -n "$1-b" -batch - <<BATCH
address add 10.2.0.2/24 dev veth0
link set veth0 up
route add default via 10.2.0.1
BATCH
  ip -n "$1-r" -batch - <<BATCH
address add 10.1.0.1/24 dev left
address add 10.2.0.1/24 dev right
link set left up
link set right up
BATCH
  ip netns exec "$1-r" sysctl -qw net.ipv4.ip_forward=1
  ip netns exec "$1-b" socat -u UDP-RECV:9 OPEN:/dev/null,append &
  listener=$!
  captured "$2" "--pair veth0@$1-a --pair veth0@$1-b" \
    ip netns exec "$1-a" "$3" "$4" "$5" 10.2.0.2
}

# captured FILE TAPS COMMAND…: the exit code is that of `capture`; 3 where it did not begin.
captured() {
  file=$1 taps=$2
  shift 2
  rm -f "$file"
  # shellcheck disable=SC2086 # options
  "$home/bin/vethtrace" -o json capture $taps -w "$file" >"$file.counts" &
  capture=$!
  tries=0
  while [ ! -s "$file" ]; do
    tries=$((tries + 1))
    kill -0 "$capture" 2>/dev/null && [ $tries -lt 600 ] || return 3
    sleep 0.1
  done
  "$home/bin/vethtrace" -o json why -- "$@" >"$file.why" || :
  kill -TERM "$capture" # INT is ignored in the background of a script
  ended=0
  wait "$capture" || ended=$?
  capture=
  return $ended
}

# no_captures PREFIX: ends what may be left, and removes the namespaces.
no_captures() {
  for pid in ${capture:-} ${listener:-}; do kill "$pid" 2>/dev/null && wait "$pid" || :; done
  capture= listener=
  for netns in a r b; do ip netns del "$1-$netns" 2>/dev/null || :; done
}
