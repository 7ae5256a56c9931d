package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The facts that the rules have beside the packets: the running kernel's names, the hooks that it
 * hides, and the settings of the namespaces that the packets passed.
 *
 * @param blind probe points that no mechanism reaches on this kernel
 * @param namespaces by inode; one that is gone is not there
 * @param unreadable why a namespace that packets passed is not there, by inode, for people
 * @param host what all namespaces share
 */
public record Snapshot(
    DropReasons reasons,
    KernelSymbols symbols,
    Set<Hook> blind,
    Map<Integer, NetnsFacts> namespaces,
    Map<Integer, String> unreadable,
    HostFacts host) {

  public Snapshot {
    blind = Set.copyOf(blind);
    namespaces = Map.copyOf(namespaces);
    unreadable = Map.copyOf(unreadable);
  }

  /** One for which every namespace could be read that is still there, without the host's facts. */
  public Snapshot(
      DropReasons reasons,
      KernelSymbols symbols,
      Set<Hook> blind,
      Map<Integer, NetnsFacts> namespaces) {
    this(reasons, symbols, blind, namespaces, Map.of(), HostFacts.NONE);
  }

  /** The facts of a namespace; empty where it could not be read or is gone. */
  public Optional<NetnsFacts> netns(int inode) {
    return Optional.ofNullable(namespaces.get(inode));
  }

  /** Returns the evidence of what could not be read of this namespace; empty if it was read. */
  public Optional<Evidence> limit(int inode) {
    return Optional.ofNullable(unreadable.get(inode))
        .map(why ->
            new Evidence(
                Evidence.Kind.LIMIT,
                why + ": its addresses and settings are not known here, nor a command for it"));
  }

  /** A namespace's name for people, its inode where it could not be read. */
  public String netnsName(int inode) {
    return netns(inode).map(NetnsFacts::displayName).orElse(Integer.toUnsignedString(inode));
  }

  /**
   * Returns the present name of the event's device, which a command must use; its name at that
   * moment if it is gone or its namespace could not be read.
   */
  public String deviceName(Event event) {
    return netns(event.netns())
        .flatMap(facts -> facts.device(event.ifindex()))
        .map(Device::name)
        .orElse(event.ifname());
  }

  /** The drop reason's name or number; empty where the kernel gives none. */
  public String reason(Event event) {
    return names().reason(event);
  }

  /** The function that freed the skb, or its address; empty where the hook has no place. */
  public String location(Event event) {
    return names().location(event);
  }

  /** The running kernel's names for what an event has as numbers. */
  public EventNames names() {
    return new EventNames(reasons, symbols);
  }
}
