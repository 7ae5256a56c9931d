package io.vethtrace.daemon.diagnose.model;

/** The fate of the packet. */
public enum Verdict {
  /** The kernel refused it: validation or policy. */
  REFUSED,
  /** The kernel dropped it: no room, no link. */
  DROPPED,
  /** It was sent or delivered, and nobody answered. */
  UNANSWERED
}
