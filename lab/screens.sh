#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Writes docs/screens/NAME.txt for each command of vethtrace: its help, and what it prints in a terminal of
# 80 columns, of a veth pair in a namespace of its own that refuses its own address. Needs root, `make build`
# and the program script (bsdutils).
#
#   lab/screens.sh [NAME…]
set -uo pipefail

root=$(realpath "$(dirname "$0")/..")
home=$root/build/vethtrace
[[ $(id -u) == 0 ]] || { echo "screens.sh: must run as root" >&2; exit 2; }
[[ -x $home/bin/vethtrace ]] || { echo "screens.sh: run make build first" >&2; exit 2; }

folder=$(mktemp -d)
netns=screens
daemon=
finish() {
  if [[ -n $daemon ]]; then kill "$daemon" 2>/dev/null && wait "$daemon"; fi
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

# shellcheck source=guest/daemon.sh
. "$root/lab/guest/daemon.sh"
start_daemon
export PATH=$home/bin:$PATH NO_COLOR=1

# shown COMMAND: the prompt, and the terminal's text.
shown() {
  printf '$ %s\n' "$1"
  (cd "$folder" && script -qec "stty cols 80 rows 50; $1" /dev/null </dev/null) |
    sed 's/\r$//; s/.*\r//; s/\x1b\[[0-9;]*[A-Za-z]//g'
  echo
}

# A log has a line an event, however long: the terminal breaks it.
broken() {
  perl -CSD -lne 'do { print substr($_, 0, 80, "") } while length'
}

# while_pinging COMMAND: until it ends.
while_pinging() {
  (while [[ -e $folder/log ]]; do $ping; sleep 1; done) >/dev/null 2>&1 &
  local pinging=$!
  shown "$1"
  kill $pinging 2>/dev/null
  wait $pinging 2>/dev/null
}

screen() {
  case $1 in
    why) shown "vethtrace why -- $ping" ;;
    watch) while_pinging 'vethtrace watch --first 5 icmp or arp' ;;
    drops) while_pinging "vethtrace drops --netns $netns --duration 10s" ;;
    record) shown "vethtrace record -w p -- ${ping/ -W 1/}" ;;
    capture) while_pinging "timeout -s INT 20 vethtrace capture --pair veth0@$netns -w out.pcapng" ;;
    explain) shown 'vethtrace explain out.pcapng' ;;
    reasons) shown 'vethtrace reasons neigh' ;;
    status) shown 'vethtrace status' ;;
    doctor) shown 'vethtrace doctor' ;;
    lab) shown 'vethtrace lab show blog-accept-local' ;;
    daemon) shown 'timeout -s TERM 20 vethtrace daemon --socket other.sock' | broken ;;
    completion) shown 'vethtrace completion bash | head -n 6' ;;
  esac
}

# In the order of the help, in which explain comes after the capture that it reads.
names=$(vethtrace --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
mkdir -p "$root/docs/screens"
for name in ${*:-$names}; do
  {
    shown "vethtrace $name --help"
    screen "$name"
  } | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$root/docs/screens/$name.txt"
  echo "docs/screens/$name.txt"
done
