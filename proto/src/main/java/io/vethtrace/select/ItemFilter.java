package io.vethtrace.select;

import io.vethtrace.v1.Flow;
import io.vethtrace.v1.WatchFilter;
import java.util.List;
import java.util.Locale;

/** One {@code WatchFilter}, read: its fields are ANDed, the values of one field ORed. */
record ItemFilter(
    WatchFilter asked,
    List<String> dropReasons,
    List<AddressBlock> addresses,
    List<String> protocols) {
  private static final int MAX_PORT = 65_535;

  /** What the kernel's names begin with, the longest first. */
  private static final List<String> REASON_PREFIXES = List.of("SKB_DROP_REASON_", "SKB_");

  static ItemFilter of(WatchFilter asked) {
    asked.getPortsList().forEach(ItemFilter::requirePort);
    return new ItemFilter(
        asked,
        asked.getDropReasonsList().stream().map(ItemFilter::withoutPrefix).toList(),
        asked.getAddressesList().stream().map(AddressBlock::parse).toList(),
        asked.getProtocolsList().stream().map(ProtocolNames::normalized).toList());
  }

  private static void requirePort(int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "port %s is none: the largest is %d".formatted(Integer.toUnsignedString(port), MAX_PORT));
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
    return fits(asked.getCausesList(), item.cause())
        && fits(asked.getVerdictsList(), item.verdict())
        && (!asksOfSights() || item.sights().stream().anyMatch(this::fits))
        && (!asksOfFlows() || item.flows().stream().anyMatch(this::fits));
  }

  private boolean asksOfSights() {
    return asked.getNetnsCount()
            + asked.getInterfacesCount()
            + asked.getHooksCount()
            + dropReasons.size()
        > 0;
  }

  private boolean fits(FilterableHop sight) {
    return (asked.getNetnsCount() == 0 || sight.isIn(asked.getNetnsList()))
        && fits(asked.getInterfacesList(), sight.ifname())
        && fits(asked.getHooksList(), sight.hook())
        && fits(dropReasons, sight.dropReason());
  }

  private boolean asksOfFlows() {
    return addresses.size() + asked.getPortsCount() + protocols.size() > 0;
  }

  private boolean fits(Flow flow) {
    return (addresses.isEmpty() || addresses.stream().anyMatch(prefix -> prefix.touches(flow)))
        && (asked.getPortsCount() == 0 || hasPort(flow))
        && fits(protocols, flow.getProtocol());
  }

  /** Without ports both are 0, which is no port that anybody means. */
  private boolean hasPort(Flow flow) {
    return flow.getSourcePort() + flow.getDestinationPort() > 0
        && (asked.getPortsList().contains(flow.getSourcePort())
            || asked.getPortsList().contains(flow.getDestinationPort()));
  }

  private static <T> boolean fits(List<? extends T> wanted, T value) {
    return wanted.isEmpty() || wanted.contains(value);
  }
}
