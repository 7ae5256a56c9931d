package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.DropKind;
import io.vethtrace.daemon.diagnose.EventNames;
import io.vethtrace.daemon.diagnose.RouteQuestions;
import io.vethtrace.daemon.diagnose.Snapshot;
import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.Filters;
import io.vethtrace.daemon.kernel.HostFacts;
import io.vethtrace.daemon.kernel.LiveSymbols;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.kernel.NetnsReading;
import io.vethtrace.daemon.kernel.RouteQuery;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.kernel.Wanted;
import io.vethtrace.daemon.packet.Ip;
import io.vethtrace.daemon.packet.Transport;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Snapshots of the running kernel. */
record KernelSnapshots(
    DropReasons reasons, LiveSymbols symbols, Set<Hook> blind, NetnsReader reader)
    implements SnapshotSource {

  @Override
  public Snapshot take(Collection<Conversation> conversations) {
    Map<Integer, Set<RouteQuery>> questions = RouteQuestions.of(conversations);
    Symbols covering = symbols.covering(places(conversations));
    EventNames names = new EventNames(reasons, covering);
    Map<Integer, NetnsFacts> read = new HashMap<>();
    Map<Integer, String> unreadable = new HashMap<>();
    boolean concernsSockets = conversations.stream().anyMatch(KernelSnapshots::concernsSockets);
    for (int inode : namespaces(conversations)) {
      // The rules do without a namespace that is not in the snapshot, and say so.
      Wanted wanted =
          new Wanted(
              concernsSockets,
              filters(conversations, inode, names),
              questions.getOrDefault(inode, Set.of()));
      switch (reader.read(inode, wanted)) {
        case NetnsReading.Read(NetnsFacts facts) -> read.put(inode, facts);
        case NetnsReading.Unreadable(String why) -> unreadable.put(inode, why);
      }
    }
    new PeerNamespaces(reader).addTo(read, conversations);
    return new Snapshot(reasons, covering, blind, read, unreadable, HostFacts.read());
  }

  /** Rulesets and queues are read only where a drop asks for them. */
  private static Filters.Wanted filters(
      Collection<Conversation> conversations, int inode, EventNames names) {
    return conversations.stream()
        .flatMap(Conversation::journeys)
        .map(Journey::last)
        .filter(end -> end.hook() == Hook.KFREE_SKB && end.netns() == inode)
        .map(end ->
            DropKind.of(names, end) == DropKind.NETFILTER
                ? Filters.Wanted.RULESET
                : Filters.Wanted.QUEUES)
        .max(Comparator.naturalOrder())
        .orElse(Filters.Wanted.NOTHING);
  }

  /** Whether it is a flow that met, or may have met, a socket that does not take it. */
  private static boolean concernsSockets(Conversation conversation) {
    return conversation.journeys().anyMatch(KernelSnapshots::hasTransport)
        && (conversation.replies().stream().allMatch(KernelSnapshots::isReset)
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
        .map(journey -> journey.last().place())
        .collect(Collectors.toSet());
  }
}
