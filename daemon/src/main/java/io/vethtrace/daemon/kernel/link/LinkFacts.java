package io.vethtrace.daemon.kernel.link;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The link layer of a namespace: addresses, neighbours, bridges and their ports.
 *
 * @param addresses of all its devices
 * @param neighbours with a known hardware address
 * @param bridges by index
 * @param ports of bridges, by index
 * @param vlans of the ports that have any, by index; a bridge has its own too
 * @param namespaces inodes of other namespaces by the ids that this one has for them; only of those
 *     that were asked for
 */
public record LinkFacts(
    List<InterfaceAddress> addresses,
    List<NeighbourEntry> neighbours,
    Map<Integer, Bridge> bridges,
    Map<Integer, BridgePort> ports,
    Map<Integer, BridgeVlans> vlans,
    Map<Integer, Integer> namespaces) {
  /** Nothing was read. */
  public static final LinkFacts NONE =
      new LinkFacts(List.of(), List.of(), Map.of(), Map.of(), Map.of(), Map.of());

  public LinkFacts {
    addresses = List.copyOf(addresses);
    neighbours = List.copyOf(neighbours);
    bridges = Map.copyOf(bridges);
    ports = Map.copyOf(ports);
    vlans = Map.copyOf(vlans);
    namespaces = Map.copyOf(namespaces);
  }

  /** The addresses of the device with this index. */
  public Stream<InterfaceAddress> addressesOf(int ifindex) {
    return addresses.stream().filter(address -> address.ifindex() == ifindex);
  }

  public Optional<Bridge> bridge(int ifindex) {
    return Optional.ofNullable(bridges.get(ifindex));
  }

  public Optional<BridgePort> port(int ifindex) {
    return Optional.ofNullable(ports.get(ifindex));
  }

  public BridgeVlans vlansOf(int ifindex) {
    return vlans.getOrDefault(ifindex, BridgeVlans.NONE);
  }

  /** The namespace that this one knows by {@code netnsid}. */
  public Optional<Integer> namespace(int netnsid) {
    return Optional.ofNullable(namespaces.get(netnsid));
  }

  /** The same, with these namespaces known. */
  public LinkFacts knowing(Map<Integer, Integer> known) {
    return new LinkFacts(addresses, neighbours, bridges, ports, vlans, known);
  }

  /** The neighbour on a link with this hardware address; an IPv4 one for IPv4. */
  public Optional<InetAddress> neighbour(int ifindex, String mac, InetAddress sameFamily) {
    return neighbours.stream()
        .filter(n -> n.ifindex() == ifindex && n.mac().equals(mac))
        .map(NeighbourEntry::address)
        .filter(address -> address.getAddress().length == sameFamily.getAddress().length)
        .findFirst();
  }
}
