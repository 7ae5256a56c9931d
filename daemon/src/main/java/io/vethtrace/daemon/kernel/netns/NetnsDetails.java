package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.link.LinkFacts;
import io.vethtrace.daemon.kernel.route.Routing;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.kernel.sysctl.SysctlValues;
import java.util.Map;
import java.util.Optional;

/**
 * The facts about a namespace that rules need besides its devices and addresses.
 *
 * @param sysctls the settings that a rule reads
 * @param links by the device's index
 * @param sockets the sockets that wait for packets; read only on request
 * @param linkLayer addresses, neighbours, bridges and ports
 * @param filters filters and queues; read only on request
 * @param routing the answers to the route queries of the request
 */
public record NetnsDetails(
    SysctlValues sysctls,
    Map<Integer, Link> links,
    SocketFacts sockets,
    LinkFacts linkLayer,
    FiltersAndQueues filters,
    Routing routing) {
  /** Nothing was read. */
  public static final NetnsDetails NONE =
      new NetnsDetails(
          new SysctlValues(Map.of()),
          Map.of(),
          SocketFacts.NONE,
          LinkFacts.NONE,
          FiltersAndQueues.NONE,
          Routing.NONE);

  public NetnsDetails {
    links = Map.copyOf(links);
  }

  /** The same, with the namespaces known that its ids stand for. */
  NetnsDetails withNamespaces(Map<Integer, Integer> namespaces) {
    return new NetnsDetails(
        sysctls, links, sockets, linkLayer.knowing(namespaces), filters, routing);
  }

  public Optional<Link> link(int ifindex) {
    return Optional.ofNullable(links.get(ifindex));
  }
}
