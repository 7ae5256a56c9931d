# SPDX-License-Identifier: Apache-2.0
# Functions to source, after daemon.sh: they make namespaces with traffic and capture it while `why`
# runs. HOME is build/vethtrace, VETHTRACE_SERVER has to name a daemon, and the names of the namespaces
# begin with PREFIX. They set no variable of their caller.
#
# Each writes FILE, FILE.counts (the JSON output of `capture`) and FILE.why (that of `why`), and returns
# the exit code of `capture`, or 3 if that did not begin.
# shellcheck shell=bash

# capture_blog HOME PREFIX FILE: one veth pair in one namespace, whose ARP requests get no answer.
# It runs until the kernel gives the neighbour up: only then is the echo request freed.
capture_blog() {
  ip netns add "$2-a"
  ip -n "$2-a" link add veth0 type veth peer name veth1
  ip -n "$2-a" -batch - <<BATCH
address add 192.168.1.1/24 dev veth0
address add 192.168.1.2/24 dev veth1
link set veth0 up
link set veth1 up
link set lo up
BATCH
  capture_while "$1" "$3" "-i veth0@$2-a -i veth1@$2-a -i lo@$2-a" \
    ip netns exec "$2-a" ping -c 1 -W 5 -I veth0 192.168.1.2
}

# capture_router HOME PREFIX FILE NUMBERED PACKETS_PER_S COUNT: two namespaces with a router between
# them, and COUNT datagrams of NUMBERED, which is numbered.c, compiled.
capture_router() {
  local netns listener status=0
  for netns in a r b; do ip netns add "$2-$netns"; done
  ip -n "$2-a" link add veth0 type veth peer name left netns "$2-r"
  ip -n "$2-b" link add veth0 type veth peer name right netns "$2-r"
  ip -n "$2-a" -batch - <<BATCH
address add 10.1.0.2/24 dev veth0
link set veth0 up
route add default via 10.1.0.1
BATCH
  ip -n "$2-b" -batch - <<BATCH
address add 10.2.0.2/24 dev veth0
link set veth0 up
route add default via 10.2.0.1
BATCH
  ip -n "$2-r" -batch - <<BATCH
address add 10.1.0.1/24 dev left
address add 10.2.0.1/24 dev right
link set left up
link set right up
BATCH
  ip netns exec "$2-r" sysctl -qw net.ipv4.ip_forward=1
  ip netns exec "$2-b" socat -u UDP-RECV:9 OPEN:/dev/null,append &
  listener=$!
  capture_while "$1" "$3" "--pair veth0@$2-a --pair veth0@$2-b" \
    ip netns exec "$2-a" "$4" "$5" "$6" 10.2.0.2 || status=$?
  stop_process $listener
  return $status
}

# capture_while HOME FILE OPTIONS COMMAND…: captures into FILE while the command runs under `why`.
capture_while() {
  local home=$1 file=$2 options=$3 capture status=0
  shift 3
  rm -f "$file"
  # shellcheck disable=SC2086 # options
  "$home/bin/vethtrace" -o json capture $options -w "$file" >"$file.counts" &
  capture=$!
  await 60 has_begun "$file" $capture && [[ -s $file ]] || return 3
  "$home/bin/vethtrace" -o json why -- "$@" >"$file.why" || :
  kill -TERM $capture # a script's background jobs ignore INT
  wait $capture || status=$?
  return $status
}

# has_begun FILE PID: succeeds when the file has a byte, or when the process has ended without.
has_begun() {
  [[ -s $1 ]] || ended "$2"
}

# remove_capture_netns PREFIX
remove_capture_netns() {
  local netns
  for netns in a r b; do ip netns del "$1-$netns" 2>/dev/null || :; done
}
