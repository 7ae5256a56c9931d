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
  NEIGHBOUR_UNANSWERED,
  NO_ROUTE,
  BLACKHOLE_ROUTE,
  UNREACHABLE_ROUTE,
  PROHIBITED_ROUTE,
  FORWARDING_DISABLED,
  TTL_EXPIRED,
  MTU_EXCEEDED,
  LOCALNET,
  OTHER_DROP,
  UNKNOWN
}
