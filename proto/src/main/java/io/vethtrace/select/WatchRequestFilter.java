package io.vethtrace.select;

import io.vethtrace.v1.Event;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.WatchFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The filter of a {@code WatchRequest}, without its pcap filter, which needs packets. */
public final class WatchRequestFilter {
  private static final int MAX_FILTERS = 64;

  private final Set<Kind> kinds;
  private final List<String> netns;
  private final List<String> interfaces;
  private final List<ItemFilter> allow;
  private final List<ItemFilter> deny;
  private final long sinceUnixNs;
  private final long untilUnixNs;

  private WatchRequestFilter(WatchRequest request) {
    kinds = kinds(request);
    netns = List.copyOf(request.getNetnsList());
    interfaces = List.copyOf(request.getInterfacesList());
    allow = filters("allow", request.getAllowList());
    deny = filters("deny", request.getDenyList());
    sinceUnixNs = request.hasSinceUnixNs() ? request.getSinceUnixNs() : Long.MIN_VALUE;
    untilUnixNs = request.hasUntilUnixNs() ? request.getUntilUnixNs() : Long.MAX_VALUE;
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException if it is malformed; its message is a sentence for the user
   */
  public static WatchRequestFilter of(WatchRequest request) {
    return new WatchRequestFilter(request);
  }

  private static Set<Kind> kinds(WatchRequest request) {
    if (request.getKindsList().isEmpty()) {
      return EnumSet.of(Kind.JOURNEY, Kind.FINDING);
    }
    EnumSet<Kind> kinds = EnumSet.copyOf(request.getKindsList());
    if (kinds.contains(Kind.KIND_UNSPECIFIED) || kinds.contains(Kind.UNRECOGNIZED)) {
      throw new IllegalArgumentException("a kind is EVENT, JOURNEY or FINDING");
    }
    return kinds;
  }

  private static List<ItemFilter> filters(String name, List<WatchFilter> filters) {
    if (filters.size() > MAX_FILTERS) {
      throw new IllegalArgumentException(
          "%d filters in %s are more than %d".formatted(filters.size(), name, MAX_FILTERS));
    }
    return filters.stream().map(ItemFilter::of).toList();
  }

  /** Returns true if the request asks for items of this kind. */
  public boolean wants(Kind kind) {
    return kinds.contains(kind);
  }

  public boolean accepts(Event event) {
    return isInTime(event.getUnixNs())
        && passed(List.of(event.getHop()))
        && isAllowed(FilterableItem.of(event));
  }

  public boolean accepts(Journey journey) {
    return isInTime(journey.getUnixNs())
        && passed(journey.getHopsList())
        && isAllowed(FilterableItem.of(journey));
  }

  public boolean accepts(Finding finding) {
    return isInTime(finding.getUnixNs())
        && passed(finding.getJourney().getHopsList())
        && isAllowed(FilterableItem.of(finding));
  }

  private boolean isInTime(long unixNs) {
    return sinceUnixNs <= unixNs && unixNs <= untilUnixNs;
  }

  /** Returns true if any hop is in a namespace, and any on an interface, that the request lists. */
  private boolean passed(List<Hop> hops) {
    return (netns.isEmpty() || hops.stream().anyMatch(hop -> FilterableHop.of(hop).isIn(netns)))
        && (interfaces.isEmpty()
            || hops.stream().anyMatch(hop -> interfaces.contains(hop.getInterface())));
  }

  private boolean isAllowed(FilterableItem item) {
    return (allow.isEmpty() || allow.stream().anyMatch(filter -> filter.matches(item)))
        && deny.stream().noneMatch(filter -> filter.matches(item));
  }
}
