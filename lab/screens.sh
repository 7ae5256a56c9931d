#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Writes docs/screens/NAME.txt for each command of vethtrace: its help, and its output in a terminal of 80
# columns, about a veth pair in a namespace of its own that refuses its own address. Needs root,
# `make build` and the program script (bsdutils).
#
#   lab/screens.sh [NAME…]
set -uo pipefail

fail() {
  echo "screens.sh: $*" >&2
  exit 2
}

root=$(realpath "$(dirname "$0")/..")
home=$root/build/vethtrace
[[ $(id -u) == 0 ]] || fail "must run as root"
[[ -x $home/bin/vethtrace ]] || fail "run make build first"

# shellcheck source=guest/lib/daemon.sh
. "$root/lab/guest/lib/daemon.sh"

folder=$(mktemp -d)
netns=screens
daemon=
finish() {
  stop_process "$daemon"
  ip netns del $netns 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ip netns add $netns && ip -n $netns link add veth0 type veth peer name veth1 || exit 2
ip -n $netns addr add 192.168.1.1/24 dev veth0
ip -n $netns addr add 192.168.1.2/24 dev veth1
for device in lo veth0 veth1; do ip -n $netns link set $device up; done
ping="ip netns exec $netns ping -c 1 -W 1 -I veth0 192.168.1.2"

daemon=$(start_daemon "$home" "$folder") || exit 3
export VETHTRACE_SERVER=unix:$folder/socket PATH=$home/bin:$PATH NO_COLOR=1

# show COMMAND: prints the prompt and the terminal's text.
show() {
  printf '$ %s\n' "$1"
  (cd "$folder" && script -qec "stty cols 80 rows 50; $1" /dev/null </dev/null) |
    sed 's/\r$//; s/.*\r//; s/\x1b\[[0-9;]*[A-Za-z]//g'
  echo
}

# Breaks lines as the terminal does: a log has one line for each message, however long.
break_lines() {
  perl -CSD -lne 'do { print substr($_, 0, 80, "") } while length'
}

# show_while_pinging COMMAND: shows a command while something pings.
show_while_pinging() {
  (while [[ -e $folder/log ]]; do
    $ping
    sleep 1
  done) >/dev/null 2>&1 &
  local pinging=$!
  show "$1"
  kill $pinging 2>/dev/null
  wait $pinging 2>/dev/null
}

screen() {
  case $1 in
    why) show "vethtrace why -- $ping" ;;
    watch) show_while_pinging 'vethtrace watch --count 5 icmp or arp' ;;
    drops) show_while_pinging "vethtrace drops --netns $netns --duration 10s" ;;
    record) show "vethtrace record -w p -- ${ping/ -W 1/}" ;;
    capture) show_while_pinging "timeout -s INT 20 vethtrace capture --pair veth0@$netns -w out.pcapng" ;;
    explain) show 'vethtrace explain out.pcapng' ;;
    reasons) show 'vethtrace reasons neigh' ;;
    status) show 'vethtrace status' ;;
    doctor) show 'vethtrace doctor' ;;
    lab) show 'vethtrace lab show blog-accept-local' ;;
    daemon) show 'timeout -s TERM 20 vethtrace daemon --socket other.sock' | break_lines ;;
    completion) show 'vethtrace completion bash | head -n 6' ;;
  esac
}

# The commands in the order of the help: explain reads the file of capture, which comes first.
names=("$@")
if (($# == 0)); then
  mapfile -t names < <(vethtrace --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
fi
mkdir -p "$root/docs/screens"
for name in "${names[@]}"; do
  {
    show "vethtrace $name --help"
    screen "$name"
  } | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$root/docs/screens/$name.txt"
  echo "docs/screens/$name.txt"
done
