package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The other end of a veth pair, or the device below a VLAN's (IFLA_LINK, IFLA_LINK_NETNSID).
 *
 * @param facts its namespace
 */
public record PeerDevice(NetnsFacts facts, Device device) {
  private static final String VETH = "veth";

  /** Empty where the device has none, or its namespace could not be found. */
  public static Optional<PeerDevice> of(Snapshot snapshot, NetnsFacts facts, int ifindex) {
    Optional<Link> link = facts.details().link(ifindex);
    OptionalInt index = link.map(Link::lower).orElse(OptionalInt.empty());
    return index.isEmpty()
        ? Optional.empty()
        : link.flatMap(l -> netns(snapshot, facts, l.netnsid()))
            .flatMap(
                its -> its.device(index.getAsInt()).map(device -> new PeerDevice(its, device)));
  }

  private static Optional<NetnsFacts> netns(
      Snapshot snapshot, NetnsFacts facts, OptionalInt netnsid) {
    return netnsid.isEmpty()
        ? Optional.of(facts)
        : facts.details().linkLayer().namespace(netnsid.getAsInt()).flatMap(snapshot::netns);
  }

  public static boolean isVeth(NetnsFacts facts, int ifindex) {
    return facts.details().link(ifindex).filter(link -> link.kind().equals(VETH)).isPresent();
  }

  /** "veth1 in namespace blue". */
  public String name() {
    return "%s in namespace %s".formatted(device.name(), facts.displayName());
  }

  /** The command that sets a device up. */
  public static Fix setUp(NetnsFacts facts, Device device) {
    String command =
        "%sip link set dev %s up".formatted(facts.commandPrefix(), ShellWord.of(device.name()));
    return new Fix(
        List.of(command),
        "Whoever set %s down, or forgot it, may have had a reason.".formatted(device.name()));
  }
}
