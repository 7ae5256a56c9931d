package io.vethtrace.daemon.kernel;

/**
 * What of a namespace is to be read beside that which every verdict needs, because it may be long.
 *
 * @param sockets whether those that wait for others are
 * @param filters how much of what drops packets, and of queues
 */
public record Wanted(boolean sockets, Filters.Wanted filters) {
  public static final Wanted NOTHING = new Wanted(false, Filters.Wanted.NOTHING);
}
