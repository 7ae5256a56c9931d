package io.vethtrace.daemon.diagnose;

/**
 * What can be wrong. The names are the public API's ({@code vethtrace.v1.Finding.Cause}); a test
 * compares the two. A cause is here as soon as a rule can find it.
 */
public enum Cause {
  SOURCE_ADDRESS_IS_LOCAL,
  REVERSE_PATH_FILTER,
  INVALID_SOURCE,
  LOOPBACK_DOWN,
  LINK_DOWN,
  PEER_DOWN,
  NEIGHBOUR_UNANSWERED,
  NETFILTER,
  TC_FILTER,
  XDP,
  QUEUE_FULL,
  QUEUE_DISCARDS,
  ARP_IGNORED,
  ARP_FILTERED,
  NOT_FOR_THIS_HOST,
  BRIDGE_PORT,
  BRIDGE_VLAN,
  NO_LISTENER,
  SOCKET_BUFFER_FULL,
  LISTEN_QUEUE_FULL,
  BAD_CHECKSUM,
  CPU_BACKLOG_FULL,
  ECHO_IGNORED,
  PROTOCOL_DISABLED,
  OTHER_DROP,
  UNKNOWN
}
