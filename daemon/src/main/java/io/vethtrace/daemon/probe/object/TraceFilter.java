package io.vethtrace.daemon.probe.object;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.probe.ring.EventLayout;
import java.util.List;
import java.util.Optional;

/**
 * What the probes tell of; all else is counted as filtered, and costs no more than the look at it.
 *
 * @param filter which packets; empty means all
 * @param netns inodes of the network namespaces; empty means all
 * @param interfaces names of the devices; empty means all
 */
public record TraceFilter(Optional<Filter> filter, List<Integer> netns, List<String> interfaces) {
  /**
   * {@code VT_FILTER_LIST_MAX}: how many namespaces, and how many names, the kernel side has room
   * for.
   */
  public static final int PLACES_MAX = 8;

  public TraceFilter {
    netns = List.copyOf(netns);
    interfaces = List.copyOf(interfaces);
    requireRoom("namespaces", netns.size());
    requireRoom("interfaces", interfaces.size());
    interfaces.forEach(TraceFilter::requireName);
  }

  private static void requireRoom(String what, int count) {
    if (count > PLACES_MAX) {
      throw new IllegalArgumentException(
          "%d %s: at most %d can be filtered by".formatted(count, what, PLACES_MAX));
    }
  }

  private static void requireName(String name) {
    if (name.isEmpty() || TraceFilterLayout.bytes(name).length >= EventLayout.IFNAME_BYTES) {
      throw new IllegalArgumentException(
          "'%s' cannot be an interface's name: it has 1 to %d bytes"
              .formatted(name, EventLayout.IFNAME_BYTES - 1));
    }
  }

  /** Everything. */
  public static TraceFilter all() {
    return new TraceFilter(Optional.empty(), List.of(), List.of());
  }

  /** Whether nothing is left out. */
  public boolean isAll() {
    return filter.isEmpty() && netns.isEmpty() && interfaces.isEmpty();
  }

  /** The object with this selection written into it. */
  public byte[] writtenInto(byte[] elf) {
    byte[] written = elf.clone();
    filter.ifPresent(present -> PcapFilterSlot.find(written).fill(present.translation()));
    TraceFilterLayout.find(written).write(this);
    return written;
  }
}
