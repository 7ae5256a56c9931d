package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.netns.NetnsRequest;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Collects the facts that the rules need beyond those that every snapshot has. */
public final class FactRequests {
  /** Limits how many routes of one namespace are asked for at once. */
  private static final int MAX_ROUTE_QUERIES = 256;

  private final Set<Integer> sockets = new HashSet<>();
  private final Map<Integer, FiltersAndQueues.Part> filters = new HashMap<>();
  private final Map<Integer, Set<RouteQuery>> routeQueries = new HashMap<>();
  private boolean hostFacts;

  public void sockets(int netns) {
    sockets.add(netns);
  }

  /** Asks for the filters and queues of a namespace; of two requests the greater one counts. */
  public void filters(int netns, FiltersAndQueues.Part wanted) {
    filters.merge(netns, wanted, (one, other) -> one.compareTo(other) < 0 ? other : one);
  }

  public void route(int netns, RouteQuery query) {
    Set<RouteQuery> queries = routeQueries.computeIfAbsent(netns, _ -> new LinkedHashSet<>());
    if (queries.size() < MAX_ROUTE_QUERIES) {
      queries.add(query);
    }
  }

  public void hostFacts() {
    hostFacts = true;
  }

  /** Returns true if the facts that all namespaces share are needed. */
  public boolean needsHostFacts() {
    return hostFacts;
  }

  /** Returns the request for one namespace. */
  public NetnsRequest of(int netns) {
    return new NetnsRequest(
        sockets.contains(netns),
        filters.getOrDefault(netns, FiltersAndQueues.Part.NOTHING),
        routeQueries.getOrDefault(netns, Set.of()));
  }
}
