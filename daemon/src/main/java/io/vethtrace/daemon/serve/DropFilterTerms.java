package io.vethtrace.daemon.serve;

import io.vethtrace.v1.DropFilter;
import java.util.List;

/** The drops that a client wants. */
record DropFilterTerms(DropFilter filter) {
  private static final String PREFIX = "SKB_DROP_REASON_";

  /**
   * Returns true if a drop has all these properties.
   *
   * @param reasonNumber the kernel's number of the reason
   * @param netnsInode 0 where it is not known
   */
  boolean matches(
      String reason,
      int reasonNumber,
      String ifname,
      String netns,
      int netnsInode,
      String location) {
    return isOneOf(filter.getReasonsList(), reason, reasonNumber)
        && (filter.getInterfacesCount() == 0 || filter.getInterfacesList().contains(ifname))
        && isOneOf(filter.getNetnsList(), netns, netnsInode)
        && (filter.getPlacesCount() == 0 || filter.getPlacesList().contains(location));
  }

  private static boolean isOneOf(List<String> wanted, String name, int number) {
    return wanted.isEmpty()
        || wanted.stream().anyMatch(one -> withoutPrefix(one).equals(name))
        || wanted.contains(Integer.toUnsignedString(number));
  }

  private static String withoutPrefix(String reason) {
    return reason.startsWith(PREFIX) ? reason.substring(PREFIX.length()) : reason;
  }
}
