package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.kernel.link.NamedLink;
import io.vethtrace.daemon.kernel.netns.Netns;
import io.vethtrace.daemon.kernel.netns.NetnsLinks;
import io.vethtrace.daemon.kernel.netns.NetnsLookup;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.probe.counter.PacketCounter;
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
final class LiveInterfaces implements InterfaceDirectory {
  /** One end of a veth pair, and the other. */
  record VethPair(String ifname, String netns, String peerIfname, String peerNetns) {}

  /**
   * The namespaces and devices of one look.
   *
   * @param located every namespace that could be found, by inode
   * @param links the devices of those that could be read
   */
  private record Seen(Map<Integer, Netns> located, Map<Integer, NetnsLinks> links) {}

  /**
   * A namespace: its inode, which the next one may get, and its cookie, which it will not; 0 where
   * that is not known.
   */
  private record Home(int inode, int cookie) {
    static Home of(PacketCounter tally) {
      return new Home(tally.netns(), tally.cookie());
    }

    boolean isOf(NetnsLinks links) {
      return cookie == 0 || links.cookie() == 0 || cookie == links.cookie();
    }
  }

  private final NetnsLookup directory;
  private final NetnsReader reader;
  private final Map<Home, String> names = new HashMap<>();
  private volatile @Nullable Seen seen;

  LiveInterfaces(NetnsLookup directory, NetnsReader reader) {
    this.directory = directory;
    this.reader = reader;
  }

  /**
   * Returns the present name of the interface. An interface that is gone keeps the name that it had
   * when the kernel counted it first.
   */
  @Override
  public String ifname(PacketCounter tally) {
    if (tally.ifindex() == 0) {
      return SeriesLabels.NONE;
    }
    NetnsLinks links = links(Home.of(tally));
    NamedLink link = links == null ? null : links.byIndex().get(tally.ifindex());
    return link == null ? tally.ifname() : link.ifname();
  }

  private @Nullable NetnsLinks links(Home home) {
    Seen last = seen;
    NetnsLinks links = last == null ? null : last.links().get(home.inode());
    return links != null && home.isOf(links) ? links : null;
  }

  @Override
  public String netns(PacketCounter tally) {
    return tally.netns() == 0 ? SeriesLabels.NONE : name(Home.of(tally));
  }

  /** Kept until the next look, as searching for a namespace costs some milliseconds. */
  private String name(Home home) {
    synchronized (names) {
      return names.computeIfAbsent(home, this::search);
    }
  }

  /** One that was gone before it was looked for has no name, though another has its inode now. */
  private String search(Home home) {
    if (links(home) != null || home.cookie() == 0 || isThere(home)) {
      return directory.displayName(home.inode());
    }
    return new Netns.Unlocated(home.inode(), Optional.empty()).displayName();
  }

  private boolean isThere(Home home) {
    try {
      return home.isOf(reader.links(home.inode(), List.of()));
    } catch (IOException e) {
      return true; // what cannot be read is not known to be gone
    }
  }

  @Override
  public void look(Collection<PacketCounter> tallies) {
    Set<Home> wanted =
        tallies.stream().filter(t -> t.netns() != 0).map(Home::of).collect(Collectors.toSet());
    Map<Integer, Netns> located = new HashMap<>();
    directory.all().forEach(netns -> located.put(netns.inode(), netns));
    Map<Integer, NetnsLinks> links = new HashMap<>();
    for (Home home : wanted) {
      if (located.containsKey(home.inode()) && !links.containsKey(home.inode())) {
        read(home.inode(), located.values(), links);
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
  private void rename(Set<Home> wanted, Map<Integer, Netns> located) {
    synchronized (names) {
      names.keySet().retainAll(wanted);
      for (Map.Entry<Home, String> name : names.entrySet()) {
        Netns netns = located.get(name.getKey().inode());
        if (netns != null && links(name.getKey()) != null) {
          name.setValue(netns.displayName());
        }
      }
    }
  }

  @Override
  public boolean isGone(PacketCounter tally) {
    Seen last = seen;
    if (last == null || tally.netns() == 0) {
      return false;
    }
    if (!last.located().containsKey(tally.netns())) {
      return true;
    }
    NetnsLinks links = last.links().get(tally.netns());
    return links != null
        && (!Home.of(tally).isOf(links)
            || (tally.ifindex() != 0 && !links.byIndex().containsKey(tally.ifindex())));
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
    NetnsLinks there = links(new Home(peerNetns, 0));
    NamedLink peer = there == null ? null : there.byIndex().get(end.link().lower().orElse(0));
    if (there == null || peer == null) {
      return Optional.empty();
    }
    String here = name(new Home(inode, links.cookie()));
    String peerHome = name(new Home(peerNetns, there.cookie()));
    return Optional.of(new VethPair(end.ifname(), here, peer.ifname(), peerHome));
  }
}
