package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.kernel.NamedLink;
import io.vethtrace.daemon.kernel.Netns;
import io.vethtrace.daemon.kernel.NetnsDirectory;
import io.vethtrace.daemon.kernel.NetnsLinks;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.probe.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Those of this machine, as they were at the last look. */
final class LivePlaces implements Places {
  /** One end of a veth pair, and the other. */
  record VethPair(String ifname, String netns, String peerIfname, String peerNetns) {}

  /**
   * What a look saw.
   *
   * @param located every namespace that could be found, by inode
   * @param links the devices of those that could be read
   */
  private record Seen(Map<Integer, Netns> located, Map<Integer, NetnsLinks> links) {}

  private final NetnsDirectory directory;
  private final NetnsReader reader;
  private final Map<Integer, String> names = new HashMap<>();
  private volatile @Nullable Seen seen;

  LivePlaces(NetnsDirectory directory, NetnsReader reader) {
    this.directory = directory;
    this.reader = reader;
  }

  /** As it is called now; one that is gone, as it was called when the kernel counted it first. */
  @Override
  public String ifname(Tally tally) {
    if (tally.ifindex() == 0) {
      return Labels.NONE;
    }
    NamedLink link = link(tally.netns(), tally.ifindex());
    return link == null ? tally.ifname() : link.ifname();
  }

  private @Nullable NamedLink link(int netns, int ifindex) {
    Seen last = seen;
    NetnsLinks links = last == null ? null : last.links().get(netns);
    return links == null ? null : links.byIndex().get(ifindex);
  }

  @Override
  public String netns(Tally tally) {
    return tally.netns() == 0 ? Labels.NONE : name(tally.netns());
  }

  /** Kept until the next look, as searching for a namespace costs some milliseconds. */
  private String name(int inode) {
    synchronized (names) {
      return names.computeIfAbsent(inode, directory::displayName);
    }
  }

  @Override
  public void look(Collection<Tally> tallies) {
    Set<Integer> wanted =
        tallies.stream().map(Tally::netns).filter(n -> n != 0).collect(Collectors.toSet());
    Map<Integer, Netns> located = new HashMap<>();
    directory.all().forEach(netns -> located.put(netns.inode(), netns));
    Map<Integer, NetnsLinks> links = new HashMap<>();
    for (int inode : wanted) {
      if (located.containsKey(inode)) {
        read(inode, located.values(), links);
      }
    }
    seen = new Seen(Map.copyOf(located), Map.copyOf(links));
    rename(wanted, located);
  }

  private void read(int inode, Collection<Netns> all, Map<Integer, NetnsLinks> links) {
    try {
      links.put(inode, reader.links(inode, all));
    } catch (IOException e) {
      // What cannot be read is not known to be gone; its names are those that the kernel counted.
    }
  }

  /** One that is gone keeps the name that it had. */
  private void rename(Set<Integer> wanted, Map<Integer, Netns> located) {
    synchronized (names) {
      names.keySet().retainAll(wanted);
      for (Map.Entry<Integer, String> name : names.entrySet()) {
        Netns netns = located.get(name.getKey());
        if (netns != null) {
          name.setValue(netns.displayName());
        }
      }
    }
  }

  @Override
  public boolean isGone(Tally tally) {
    Seen last = seen;
    if (last == null || tally.netns() == 0) {
      return false;
    }
    if (!last.located().containsKey(tally.netns())) {
      return true;
    }
    NetnsLinks links = last.links().get(tally.netns());
    return links != null && tally.ifindex() != 0 && !links.byIndex().containsKey(tally.ifindex());
  }

  /** The ends of veth pairs of which both are known, in the namespaces that had counts. */
  List<VethPair> pairs() {
    Seen last = seen;
    List<VethPair> pairs = new ArrayList<>();
    if (last != null) {
      last.links().forEach((inode, links) -> addPairs(inode, links, pairs));
    }
    return pairs;
  }

  private void addPairs(int inode, NetnsLinks links, List<VethPair> pairs) {
    for (NamedLink end : links.byIndex().values()) {
      if (end.isVeth()) {
        pair(inode, links, end).ifPresent(pairs::add);
      }
    }
  }

  private Optional<VethPair> pair(int inode, NetnsLinks links, NamedLink end) {
    int peerNetns =
        end.link().netnsid().isPresent()
            ? links.namespaces().getOrDefault(end.link().netnsid().getAsInt(), 0)
            : inode;
    NamedLink peer = link(peerNetns, end.link().lower().orElse(0));
    return Optional.ofNullable(peer)
        .map(other -> new VethPair(end.ifname(), name(inode), other.ifname(), name(peerNetns)));
  }
}
