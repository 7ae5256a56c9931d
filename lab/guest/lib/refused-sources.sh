# SPDX-License-Identifier: Apache-2.0
# Functions to source: veth pairs without ARP, floods of a known number of datagrams, and two pairs
# whose receiving end refuses the source. They set no variable of their caller.
# shellcheck shell=bash

# configure_end NETNS DEVICE ADDRESS PEER PEER'S_ADDRESS: sets up one end of a pair. The neighbour is
# known beforehand, so that no ARP is needed.
configure_end() {
  local setting
  for setting in rp_filter accept_local; do
    ip netns exec "$1" sysctl -qw "net.ipv4.conf.all.$setting=0" "net.ipv4.conf.$2.$setting=0"
  done
  ip -n "$1" link set lo up
  ip -n "$1" address add "$3/24" dev "$2"
  ip -n "$1" link set "$2" up
  ip -n "$1" neigh replace "$5" lladdr "02:00:00:00:00:0${4#veth}" nud permanent dev "$2"
}

# make_pair NETNS DEVICE ADDRESS NETNS DEVICE ADDRESS
make_pair() {
  ip -n "$1" link add "$2" address "02:00:00:00:00:0${2#veth}" type veth peer name "$5" \
    address "02:00:00:00:00:0${5#veth}" netns "$4"
  configure_end "$1" "$2" "$3" "$5" "$6"
  configure_end "$4" "$5" "$6" "$2" "$3"
}

# flood NETNS DEVICE ADDRESS PORT COUNT BYTES: sends datagrams as fast as possible.
flood() {
  # shellcheck disable=SC2016 # variables of perl's
  ip netns exec "$1" perl -MSocket -e '
    my ($device, $address, $port, $count, $bytes) = @ARGV;
    socket(S, PF_INET, SOCK_DGRAM, 0) or die $!;
    setsockopt(S, SOL_SOCKET, 25, "$device\0") or die $!; # SO_BINDTODEVICE
    my $to = sockaddr_in($port, inet_aton($address));
    for (1 .. $count) { send(S, "x" x $bytes, 0, $to) or die $! }
  ' "$2" "$3" "$4" "$5" "$6"
}

# make_refusing_pairs PREFIX: makes PREFIX-local, where the source is an address of the receiver's
# namespace, and PREFIX-filter, where that is accepted but the way back would be another.
make_refusing_pairs() {
  ip netns add "$1-local"
  ip netns add "$1-filter"
  make_pair "$1-local" veth4 192.168.9.1 "$1-local" veth5 192.168.9.2
  make_pair "$1-filter" veth6 192.168.9.1 "$1-filter" veth7 192.168.9.2
  ip netns exec "$1-filter" sysctl -qw net.ipv4.conf.veth7.accept_local=1 net.ipv4.conf.veth7.rp_filter=1
}

# send_refused_round PREFIX: sends 15 datagrams that veth5 refuses and 10 that veth7 refuses.
send_refused_round() {
  flood "$1-local" veth4 192.168.9.2 7 15 16
  flood "$1-filter" veth6 192.168.9.2 7 10 16
}

remove_refusing_pairs() {
  local netns
  for netns in local filter; do ip netns del "$1-$netns" 2>/dev/null || :; done
}
