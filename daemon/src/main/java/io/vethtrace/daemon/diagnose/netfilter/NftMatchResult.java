package io.vethtrace.daemon.diagnose.netfilter;

/** The answer to whether a packet matches, as far as it is known afterwards, in rising order. */
enum NftMatchResult {
  NO,
  MAYBE,
  YES;

  NftMatchResult and(NftMatchResult other) {
    return compareTo(other) < 0 ? this : other;
  }

  NftMatchResult or(NftMatchResult other) {
    return compareTo(other) > 0 ? this : other;
  }

  NftMatchResult not() {
    return switch (this) {
      case NO -> YES;
      case MAYBE -> MAYBE;
      case YES -> NO;
    };
  }

  static NftMatchResult of(boolean matches) {
    return matches ? YES : NO;
  }
}
