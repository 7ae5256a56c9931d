package io.vethtrace.daemon.engine.feed;

/** The kinds of items that a client can watch. */
public enum ItemKind {
  EVENT,
  JOURNEY,
  FINDING
}
