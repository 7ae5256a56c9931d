package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import java.util.Set;

/**
 * The facts that a reading includes besides those that every verdict needs. They can be large, so a
 * reading includes them only on request.
 *
 * @param sockets true to read the sockets that wait for packets
 * @param filters the part of filters and queues to read
 * @param routeQueries the route queries to ask the kernel
 */
public record NetnsRequest(
    boolean sockets, FiltersAndQueues.Part filters, Set<RouteQuery> routeQueries) {
  public static final NetnsRequest NOTHING =
      new NetnsRequest(false, FiltersAndQueues.Part.NOTHING, Set.of());

  public NetnsRequest {
    routeQueries = Set.copyOf(routeQueries);
  }
}
