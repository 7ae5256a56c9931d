package io.vethtrace.daemon.engine.judge;

import io.vethtrace.daemon.diagnose.model.DropSubsystem;
import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.diagnose.route.RouteQueries;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.kernel.netns.NetnsReading;
import io.vethtrace.daemon.kernel.netns.NetnsRequest;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.kernel.symbol.RunningKernelSymbols;
import io.vethtrace.daemon.packet.Ip;
import io.vethtrace.daemon.packet.Transport;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Snapshots of the running kernel. */
public record SnapshotReader(
    DropReasons reasons, RunningKernelSymbols symbols, Set<Hook> blind, NetnsReader reader)
    implements SnapshotSource {

  @Override
  public Snapshot take(Collection<Conversation> conversations) {
    Map<Integer, Set<RouteQuery>> questions = RouteQueries.of(conversations);
    KernelSymbols covering = symbols.covering(places(conversations));
    EventNames names = new EventNames(reasons, covering);
    Map<Integer, NetnsFacts> read = new HashMap<>();
    Map<Integer, String> unreadable = new HashMap<>();
    boolean concernsSockets = conversations.stream().anyMatch(SnapshotReader::concernsSockets);
    for (int inode : namespaces(conversations)) {
      // The rules do without a namespace that is not in the snapshot, and say so.
      NetnsRequest request =
          new NetnsRequest(
              concernsSockets,
              filters(conversations, inode, names),
              questions.getOrDefault(inode, Set.of()));
      switch (reader.read(inode, request)) {
        case NetnsReading.Read(NetnsFacts facts) -> read.put(inode, facts);
        case NetnsReading.Unreadable(String why) -> unreadable.put(inode, why);
      }
    }
    new PeerNamespaces(reader).addTo(read, conversations);
    return new Snapshot(reasons, covering, blind, read, unreadable, HostFacts.read());
  }

  /** Rulesets and queues are read only where a drop asks for them. */
  private static FiltersAndQueues.Part filters(
      Collection<Conversation> conversations, int inode, EventNames names) {
    return conversations.stream()
        .flatMap(Conversation::journeys)
        .map(Journey::last)
        .filter(end -> end instanceof Event.Drop && end.netns() == inode)
        .map(end ->
            DropSubsystem.of(names, end) == DropSubsystem.NETFILTER
                ? FiltersAndQueues.Part.RULESET
                : FiltersAndQueues.Part.QUEUES)
        .max(Comparator.naturalOrder())
        .orElse(FiltersAndQueues.Part.NOTHING);
  }

  /** Whether it is a flow that met, or may have met, a socket that does not take it. */
  private static boolean concernsSockets(Conversation conversation) {
    return conversation.journeys().anyMatch(SnapshotReader::hasTransport)
        && (conversation.replies().stream().allMatch(SnapshotReader::isReset)
            || conversation.dropCount() > 0);
  }

  private static boolean hasTransport(Journey journey) {
    return journey.packet() instanceof Ip ip && ip.transport() instanceof Transport.Ports;
  }

  private static boolean isReset(Journey journey) {
    return journey.packet() instanceof Ip ip && ip.isReset();
  }

  private static Set<Integer> namespaces(Collection<Conversation> conversations) {
    return conversations.stream()
        .flatMap(conversation -> conversation.namespaces().stream())
        .collect(Collectors.toSet());
  }

  private static Set<Long> places(Collection<Conversation> conversations) {
    return conversations.stream()
        .flatMap(Conversation::journeys)
        .map(journey -> EventNames.address(journey.last()))
        .collect(Collectors.toSet());
  }
}
