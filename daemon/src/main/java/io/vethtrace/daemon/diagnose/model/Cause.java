package io.vethtrace.daemon.diagnose.model;

/**
 * The root cause of a fault. The names are the public API's ({@code vethtrace.v1.Finding.Cause}); a
 * test compares the two. Each cause is owned by one rule, which describes it.
 */
public enum Cause {
  SOURCE_ADDRESS_IS_LOCAL,
  REVERSE_PATH_FILTER,
  INVALID_SOURCE,
  LOOPBACK_DOWN,
  LINK_DOWN,
  PEER_DOWN,
  NEIGHBOUR_UNANSWERED,
  NO_ROUTE,
  BLACKHOLE_ROUTE,
  UNREACHABLE_ROUTE,
  PROHIBITED_ROUTE,
  FORWARDING_DISABLED,
  TTL_EXPIRED,
  MTU_EXCEEDED,
  LOCALNET,
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
