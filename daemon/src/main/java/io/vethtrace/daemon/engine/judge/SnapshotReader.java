package io.vethtrace.daemon.engine.judge;

import io.vethtrace.daemon.diagnose.RuleOrder;
import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.diagnose.model.FactRequests;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.kernel.netns.NetnsReading;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.kernel.symbol.RunningKernelSymbols;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Hook;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes snapshots of the running kernel. The rules say which facts they need. */
public record SnapshotReader(
    DropReasons reasons, RunningKernelSymbols symbols, Set<Hook> blind, NetnsReader reader)
    implements SnapshotSource {

  @Override
  public Snapshot take(Collection<Conversation> conversations) {
    KernelSymbols covering = symbols.covering(locations(conversations));
    FactRequests requests = RuleOrder.factsFor(conversations, new EventNames(reasons, covering));
    Map<Integer, NetnsFacts> read = new HashMap<>();
    Map<Integer, String> unreadable = new HashMap<>();
    for (int inode : namespaces(conversations)) {
      // The rules do without a namespace that is not in the snapshot, and say so.
      switch (reader.read(inode, requests.of(inode))) {
        case NetnsReading.Read(NetnsFacts facts) -> read.put(inode, facts);
        case NetnsReading.Unreadable(String why) -> unreadable.put(inode, why);
      }
    }
    new PeerNamespaces(reader).addTo(read, conversations);
    HostFacts host = requests.needsHostFacts() ? HostFacts.read() : HostFacts.NONE;
    return new Snapshot(reasons, covering, blind, read, unreadable, host);
  }

  private static Set<Integer> namespaces(Collection<Conversation> conversations) {
    return conversations.stream()
        .flatMap(conversation -> conversation.namespaces().stream())
        .collect(Collectors.toSet());
  }

  private static Set<Long> locations(Collection<Conversation> conversations) {
    return conversations.stream()
        .flatMap(Conversation::journeys)
        .map(journey -> EventNames.address(journey.last()))
        .collect(Collectors.toSet());
  }
}
