package io.vethtrace.cli.option;

import io.vethtrace.cli.investigate.NamedNetns;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packets that the command line asks for. A request carries them to any daemon. A private
 * daemon also gets them as options, and then the kernel filters.
 *
 * @param filter a pcap filter; empty means all packets
 * @param netns names or inodes; empty means all namespaces
 * @param interfaces names of devices; empty means all
 */
public record RequestedPackets(String filter, List<String> netns, List<String> interfaces) {
  /** The most values that {@code vethtraced --netns} and {@code --interface} take. */
  private static final int MAX_VALUES = 8;

  public RequestedPackets {
    filter = filter.strip();
    netns = List.copyOf(netns);
    interfaces = List.copyOf(interfaces);
  }

  /** Makes one of a filter in several words, as tcpdump takes it. */
  public static RequestedPackets of(
      List<String> words, List<String> netns, List<String> interfaces) {
    return new RequestedPackets(String.join(" ", words), netns, interfaces);
  }

  /** Returns the request that asks for these packets. */
  public WatchRequest.Builder request() {
    return WatchRequest.newBuilder()
        .setFilter(filter)
        .addAllNetns(netns)
        .addAllInterfaces(interfaces);
  }

  /** Returns options with which a private daemon filters in the kernel, as far as it can. */
  public List<String> daemonOptions() {
    List<String> options = new ArrayList<>();
    if (!filter.isEmpty()) {
      options.add("--filter=" + filter);
    }
    netnsInodes().forEach(inode -> options.add("--netns=" + inode));
    if (interfaces.size() <= MAX_VALUES) {
      interfaces.forEach(name -> options.add("--interface=" + name));
    }
    return options;
  }

  /** Returns nothing if only the daemon knows one of the names, as that of a container. */
  private List<Long> netnsInodes() {
    List<Long> inodes =
        netns.stream().map(NamedNetns::findInode).flatMap(Optional::stream).toList();
    return inodes.size() == netns.size() && inodes.size() <= MAX_VALUES ? inodes : List.of();
  }

  /** Returns a notice for a person who waits: what is shown, and who filters out the rest. */
  public String startNotice(String doing, StatusResponse status) {
    if (filter.isEmpty()) {
      return doing + "; Ctrl-C ends it";
    }
    boolean kernel = status.getSelection().getFilter().equals(filter);
    return "%s what matches '%s', filtered %s; Ctrl-C ends it"
        .formatted(doing, filter, kernel ? "in the kernel" : "by the daemon");
  }
}
