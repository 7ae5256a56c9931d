package io.vethtrace.select;

import io.vethtrace.v1.Flow;
import io.vethtrace.v1.WatchFilter;
import java.util.List;
import java.util.Locale;

/** A {@code WatchFilter}. An item has to match all its fields, and one value of each field. */
record ItemFilter(
    WatchFilter filter,
    List<String> dropReasons,
    List<AddressBlock> addresses,
    List<String> protocols) {
  private static final int MAX_PORT = 65_535;

  /** The prefixes of the kernel's names of drop reasons, the longest first. */
  private static final List<String> REASON_PREFIXES = List.of("SKB_DROP_REASON_", "SKB_");

  static ItemFilter of(WatchFilter filter) {
    filter.getPortsList().forEach(ItemFilter::requirePort);
    return new ItemFilter(
        filter,
        filter.getDropReasonsList().stream().map(ItemFilter::withoutPrefix).toList(),
        filter.getAddressesList().stream().map(AddressBlock::parse).toList(),
        filter.getProtocolsList().stream().map(ProtocolNames::normalized).toList());
  }

  private static void requirePort(int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "%s is not a port; the largest is %d"
              .formatted(Integer.toUnsignedString(port), MAX_PORT));
    }
  }

  private static String withoutPrefix(String reason) {
    String upper = reason.toUpperCase(Locale.ROOT);
    return REASON_PREFIXES.stream()
        .filter(upper::startsWith)
        .findFirst()
        .map(prefix -> upper.substring(prefix.length()))
        .orElse(upper);
  }

  boolean matches(FilterableItem item) {
    return fits(filter.getCausesList(), item.cause())
        && fits(filter.getVerdictsList(), item.verdict())
        && (!hasHopFields() || item.hops().stream().anyMatch(this::fits))
        && (!hasFlowFields() || item.flows().stream().anyMatch(this::fits));
  }

  private boolean hasHopFields() {
    return filter.getNetnsCount()
            + filter.getInterfacesCount()
            + filter.getHooksCount()
            + dropReasons.size()
        > 0;
  }

  private boolean fits(FilterableHop hop) {
    return (filter.getNetnsCount() == 0 || hop.isIn(filter.getNetnsList()))
        && fits(filter.getInterfacesList(), hop.ifname())
        && fits(filter.getHooksList(), hop.hook())
        && fits(dropReasons, hop.dropReason());
  }

  private boolean hasFlowFields() {
    return addresses.size() + filter.getPortsCount() + protocols.size() > 0;
  }

  private boolean fits(Flow flow) {
    return (addresses.isEmpty() || addresses.stream().anyMatch(prefix -> prefix.touches(flow)))
        && (filter.getPortsCount() == 0 || hasPort(flow))
        && fits(protocols, flow.getProtocol());
  }

  /** Returns true if the flow has one of the ports. A flow without ports has 0 for both. */
  private boolean hasPort(Flow flow) {
    return flow.getSourcePort() + flow.getDestinationPort() > 0
        && (filter.getPortsList().contains(flow.getSourcePort())
            || filter.getPortsList().contains(flow.getDestinationPort()));
  }

  private static <T> boolean fits(List<? extends T> accepted, T value) {
    return accepted.isEmpty() || accepted.contains(value);
  }
}
