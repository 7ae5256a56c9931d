package io.vethtrace.daemon.kernel;

import java.util.Set;

/**
 * What of a namespace is to be read beside that which every verdict needs, because it may be long.
 *
 * @param sockets whether those that wait for others are
 * @param filters how much of what drops packets, and of queues
 * @param questions what its routing is to be asked
 */
public record Wanted(boolean sockets, Filters.Wanted filters, Set<RouteQuery> questions) {
  public static final Wanted NOTHING = new Wanted(false, Filters.Wanted.NOTHING, Set.of());

  public Wanted {
    questions = Set.copyOf(questions);
  }
}
