package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.DropKind;
import io.vethtrace.daemon.diagnose.EventNames;
import io.vethtrace.daemon.diagnose.Snapshot;
import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.Filters;
import io.vethtrace.daemon.kernel.LiveSymbols;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.kernel.NetnsReading;
import io.vethtrace.daemon.kernel.Symbols;
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
    DropReasons reasons, LiveSymbols symbols, Map<Hook, String> blind, NetnsReader reader)
    implements SnapshotSource {

  @Override
  public Snapshot take(Collection<Conversation> conversations) {
    Symbols covering = symbols.covering(places(conversations));
    EventNames names = new EventNames(reasons, covering);
    Map<Integer, NetnsFacts> read = new HashMap<>();
    for (int inode : namespaces(conversations)) {
      // A namespace that is gone is simply not in the snapshot: the rules then do without it.
      if (reader.read(inode, wanted(conversations, inode, names))
          instanceof NetnsReading.Read(NetnsFacts facts)) {
        read.put(inode, facts);
      }
    }
    return new Snapshot(reasons, covering, blind, read);
  }

  /** Rulesets and queues are read only where a drop asks for them. */
  private static Filters.Wanted wanted(
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
