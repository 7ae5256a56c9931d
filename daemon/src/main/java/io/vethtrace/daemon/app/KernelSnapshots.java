package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.Snapshot;
import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.LiveSymbols;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.kernel.NetnsReading;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Hook;
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
    for (int inode : namespaces(conversations)) {
      // A namespace that is gone is simply not in the snapshot: the rules then do without it.
      if (reader.read(inode) instanceof NetnsReading.Read(NetnsFacts facts)) {
        read.put(inode, facts);
      }
    }
    new PeerNamespaces(reader).addTo(read, conversations);
    return new Snapshot(reasons, symbols.covering(places(conversations)), blind, read);
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
