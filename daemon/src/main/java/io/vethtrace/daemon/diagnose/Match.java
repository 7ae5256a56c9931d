package io.vethtrace.daemon.diagnose;

/** Whether a packet matches, as far as that can be told afterwards. In rising order. */
enum Match {
  NO,
  MAYBE,
  YES;

  Match and(Match other) {
    return compareTo(other) < 0 ? this : other;
  }

  Match or(Match other) {
    return compareTo(other) > 0 ? this : other;
  }

  Match not() {
    return switch (this) {
      case NO -> YES;
      case MAYBE -> MAYBE;
      case YES -> NO;
    };
  }

  static Match of(boolean matches) {
    return matches ? YES : NO;
  }
}
