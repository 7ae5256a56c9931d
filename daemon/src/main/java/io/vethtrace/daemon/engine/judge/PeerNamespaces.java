package io.vethtrace.daemon.engine.judge;

import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.NetnsDetails;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.kernel.netns.NetnsReading;
import io.vethtrace.daemon.trace.Conversation;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads namespaces that no packet reached and on which a verdict may hang all the same: those of
 * the other ends of links without carrier, and those behind the ports of a bridge from which no
 * answer came. In a healthy network there are none to read.
 */
record PeerNamespaces(NetnsReader reader) {
  /** A bridge may have hundreds of ports; a verdict must not wait for all of them. */
  private static final int MAX_READ = 128;

  /** Adds to {@code read} what these conversations call for. */
  void addTo(Map<Integer, NetnsFacts> read, Collection<Conversation> conversations) {
    Set<Integer> silent =
        conversations.stream()
            .filter(conversation -> !cameBack(conversation))
            .flatMap(conversation -> conversation.namespaces().stream())
            .collect(Collectors.toSet());
    Set<Integer> peers = new HashSet<>();
    for (NetnsFacts facts : List.copyOf(read.values())) {
      Set<Integer> wanted = wanted(facts.details(), silent.contains(facts.inode()));
      NetnsFacts known = reader.withNamespaces(facts, wanted);
      read.put(facts.inode(), known);
      peers.addAll(known.details().linkLayer().namespaces().values());
    }
    peers.removeAll(read.keySet());
    peers.stream().limit(MAX_READ).forEach(inode -> read(inode, read));
  }

  private void read(int inode, Map<Integer, NetnsFacts> read) {
    if (reader.read(inode) instanceof NetnsReading.Read(NetnsFacts facts)) {
      read.put(inode, facts);
    }
  }

  /** Returns true if a reply ended in the namespace where the first request began. */
  private static boolean cameBack(Conversation conversation) {
    return conversation.requests().isEmpty()
        || conversation.replies().stream()
            .anyMatch(reply ->
                reply.last().netns() == conversation.requests().getFirst().first().netns());
  }

  private static Set<Integer> wanted(NetnsDetails details, boolean silent) {
    return details.links().entrySet().stream()
        .filter(link ->
            !link.getValue().carrier()
                || (silent && details.linkLayer().port(link.getKey()).isPresent()))
        .map(Map.Entry::getValue)
        .map(Link::netnsid)
        .flatMapToInt(OptionalInt::stream)
        .filter(netnsid -> netnsid >= 0)
        .boxed()
        .collect(Collectors.toSet());
  }
}
