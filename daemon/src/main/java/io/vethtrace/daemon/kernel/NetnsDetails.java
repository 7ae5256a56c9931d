package io.vethtrace.daemon.kernel;

import java.util.Map;
import java.util.Optional;

/**
 * What the rules may ask of a namespace beyond its devices and addresses.
 *
 * @param sysctls the settings that a rule reads
 * @param links by the device's index
 * @param sockets those that wait for others; not read where nobody asked for them
 */
public record NetnsDetails(Sysctls sysctls, Map<Integer, Link> links, SocketFacts sockets) {
  /** Nothing was read. */
  public static final NetnsDetails NONE =
      new NetnsDetails(new Sysctls(Map.of()), Map.of(), SocketFacts.NONE);

  public NetnsDetails {
    links = Map.copyOf(links);
  }

  public Optional<Link> link(int ifindex) {
    return Optional.ofNullable(links.get(ifindex));
  }
}
