package io.vethtrace.daemon.kernel;

import java.util.Map;
import java.util.Optional;

/**
 * What the rules may ask of a namespace beyond its devices and addresses.
 *
 * @param sysctls the settings that a rule reads
 * @param links by the device's index
 * @param routing what was asked of it
 */
public record NetnsDetails(Sysctls sysctls, Map<Integer, Link> links, Routing routing) {
  /** Nothing was read. */
  public static final NetnsDetails NONE =
      new NetnsDetails(new Sysctls(Map.of()), Map.of(), Routing.NONE);

  public NetnsDetails {
    links = Map.copyOf(links);
  }

  public Optional<Link> link(int ifindex) {
    return Optional.ofNullable(links.get(ifindex));
  }
}
