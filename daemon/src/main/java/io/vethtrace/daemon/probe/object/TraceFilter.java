package io.vethtrace.daemon.probe.object;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.probe.ring.EventLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The packets of which the probes make events. They count all others as filtered.
 *
 * @param filter the pcap filter; empty means all packets
 * @param netns inodes of the network namespaces; empty means all
 * @param interfaces names of the devices; empty means all
 */
public record TraceFilter(Optional<Filter> filter, List<Integer> netns, List<String> interfaces) {
  /** {@code VT_FILTER_LIST_MAX}: the kernel side has room for as many namespaces and names. */
  public static final int MAX_ENTRIES = 8;

  public TraceFilter {
    netns = List.copyOf(netns);
    interfaces = List.copyOf(interfaces);
    requireRoom("namespaces", netns.size());
    requireRoom("interfaces", interfaces.size());
    interfaces.forEach(TraceFilter::requireName);
  }

  private static void requireRoom(String what, int count) {
    if (count > MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "%d %s: at most %d can be filtered by".formatted(count, what, MAX_ENTRIES));
    }
  }

  private static void requireName(String name) {
    if (name.isEmpty()
        || name.getBytes(StandardCharsets.UTF_8).length >= EventLayout.IFNAME_BYTES) {
      throw new IllegalArgumentException(
          "'%s' cannot be an interface's name: it has 1 to %d bytes"
              .formatted(name, EventLayout.IFNAME_BYTES - 1));
    }
  }

  /** The filter that lets every packet through. */
  public static TraceFilter all() {
    return new TraceFilter(Optional.empty(), List.of(), List.of());
  }

  /** Returns true if the filter lets every packet through. */
  public boolean isAll() {
    return filter.isEmpty() && netns.isEmpty() && interfaces.isEmpty();
  }
}
