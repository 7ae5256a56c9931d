package io.vethtrace.cli.option;

import io.vethtrace.cli.investigate.NamedNetns;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which packets somebody wants to see. Asked of the daemon, and of a private one also as options,
 * which go into the kernel.
 *
 * @param filter in tcpdump's language; empty means all
 * @param netns names or inodes; empty means all
 * @param interfaces names; empty means all
 */
public record RequestedPackets(String filter, List<String> netns, List<String> interfaces) {
  /** The limit of vethtraced's TraceFilter: it refuses more entries, and works without them. */
  private static final int PLACES_MAX = 8;

  public RequestedPackets {
    filter = filter.strip();
    netns = List.copyOf(netns);
    interfaces = List.copyOf(interfaces);
  }

  /** Of the words of a filter, as tcpdump takes them. */
  public static RequestedPackets of(
      List<String> words, List<String> netns, List<String> interfaces) {
    return new RequestedPackets(String.join(" ", words), netns, interfaces);
  }

  public WatchRequest.Builder request() {
    return WatchRequest.newBuilder()
        .setFilter(filter)
        .addAllNetns(netns)
        .addAllInterfaces(interfaces);
  }

  /** What of it a daemon of this program's own can ask in the kernel. */
  public List<String> daemonOptions() {
    List<String> options = new ArrayList<>();
    if (!filter.isEmpty()) {
      options.add("--filter=" + filter);
    }
    netnsInodes().forEach(inode -> options.add("--netns=" + inode));
    if (interfaces.size() <= PLACES_MAX) {
      interfaces.forEach(name -> options.add("--interface=" + name));
    }
    return options;
  }

  /** None where one has a name that only the daemon knows: a container's, a process's. */
  private List<Long> netnsInodes() {
    List<Long> inodes =
        netns.stream().map(NamedNetns::inodeOrNumber).flatMap(Optional::stream).toList();
    return inodes.size() == netns.size() && inodes.size() <= PLACES_MAX ? inodes : List.of();
  }

  /** What to tell a person who waits: what is shown, and who leaves out the rest. */
  public String greeting(String doing, StatusResponse status) {
    if (filter.isEmpty()) {
      return doing + "; Ctrl-C ends it";
    }
    boolean kernel = status.getSelection().getFilter().equals(filter);
    return "%s what matches '%s', filtered %s; Ctrl-C ends it"
        .formatted(doing, filter, kernel ? "in the kernel" : "by the daemon");
  }
}
