package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.Snapshot;
import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.HostFacts;
import io.vethtrace.daemon.kernel.LiveSymbols;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.kernel.NetnsReading;
import io.vethtrace.daemon.packet.Ip;
import io.vethtrace.daemon.packet.Transport;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Snapshots of the running kernel. */
record KernelSnapshots(
    DropReasons reasons, LiveSymbols symbols, Map<Hook, String> blind, NetnsReader reader)
    implements SnapshotSource {

  @Override
  public Snapshot take(Collection<Conversation> conversations) {
    Map<Integer, NetnsFacts> read = new HashMap<>();
    Map<Integer, String> unreadable = new HashMap<>();
    boolean concernsSockets = conversations.stream().anyMatch(KernelSnapshots::concernsSockets);
    for (int inode : namespaces(conversations)) {
      NetnsReading reading = concernsSockets ? reader.readWithSockets(inode) : reader.read(inode);
      // The rules do without a namespace that is not in the snapshot, and say so.
      switch (reading) {
        case NetnsReading.Read(NetnsFacts facts) -> read.put(inode, facts);
        case NetnsReading.Unreadable(String why) -> unreadable.put(inode, why);
      }
    }
    new PeerNamespaces(reader).addTo(read, conversations);
    return new Snapshot(
        reasons,
        symbols.covering(places(conversations)),
        blind,
        read,
        unreadable,
        HostFacts.read());
  }

  /** Whether it is a flow that met, or may have met, a socket that does not take it. */
  private static boolean concernsSockets(Conversation conversation) {
    return conversation.journeys().anyMatch(KernelSnapshots::hasTransport)
        && (conversation.replies().stream().allMatch(KernelSnapshots::isReset)
            || conversation.journeys().anyMatch(j -> j.end() == Journey.End.DROPPED));
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
