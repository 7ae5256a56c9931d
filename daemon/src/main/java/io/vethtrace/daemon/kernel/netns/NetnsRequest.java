package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import java.util.Set;

/**
 * What of a namespace is to be read beside that which every verdict needs, because it may be long.
 *
 * @param sockets whether those that wait for others are
 * @param filters how much of what drops packets, and of queues
 * @param questions what its routing is to be asked
 */
public record NetnsRequest(
    boolean sockets, FiltersAndQueues.Wanted filters, Set<RouteQuery> questions) {
  public static final NetnsRequest NOTHING =
      new NetnsRequest(false, FiltersAndQueues.Wanted.NOTHING, Set.of());

  public NetnsRequest {
    questions = Set.copyOf(questions);
  }
}
