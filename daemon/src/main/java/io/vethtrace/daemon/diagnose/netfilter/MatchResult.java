package io.vethtrace.daemon.diagnose.netfilter;

/** The answer to whether a packet matches, as far as it is known afterwards, in rising order. */
enum MatchResult {
  NO,
  MAYBE,
  YES;

  MatchResult and(MatchResult other) {
    return compareTo(other) < 0 ? this : other;
  }

  MatchResult or(MatchResult other) {
    return compareTo(other) > 0 ? this : other;
  }

  MatchResult not() {
    return switch (this) {
      case NO -> YES;
      case MAYBE -> MAYBE;
      case YES -> NO;
    };
  }

  static MatchResult of(boolean matches) {
    return matches ? YES : NO;
  }
}
