package io.vethtrace.daemon.kernel.netns;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds network namespaces by inode: that of pid 1, one with a name under /run/netns, one of a
 * process. An answer is checked each time that it is given again, since namespaces come and go and
 * the kernel gives an inode number to the next. Safe for use by any thread.
 */
public final class NetnsLookup {
  private static final int MAX_REMEMBERED = 1024;
  // To search every process for a namespace that is gone costs some milliseconds.
  private static final long SEARCH_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

  private final Path proc;
  private final Path names;
  private final Netns.Host host;
  private final Map<Integer, Remembered> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Remembered> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private record Remembered(Netns netns, long searchedNs) {}

  NetnsLookup(Path proc, Path names) {
    this.proc = proc;
    this.names = names;
    host = host(proc);
  }

  /** The namespaces of this machine. */
  public static NetnsLookup ofRunningKernel() {
    return new NetnsLookup(Path.of("/proc"), Path.of("/run/netns"));
  }

  /**
   * Returns the namespace of pid 1. A process that lacks a capability of pid 1 may not look at it
   * (ptrace_may_access, kernel/ptrace.c); then this method returns the namespace of this process.
   */
  private static Netns.Host host(Path proc) {
    Path ofInit = proc.resolve("1/ns/net");
    OptionalInt inode = NsfsInode.of(ofInit);
    if (inode.isPresent()) {
      return new Netns.Host(inode.getAsInt(), ofInit);
    }
    Path own = proc.resolve("self/ns/net");
    return new Netns.Host(NsfsInode.of(own).orElseThrow(), own);
  }

  /** The namespace in which the host's shell runs. */
  public Netns.Host host() {
    return host;
  }

  /** The namespace with this inode, as it can be found now. */
  public synchronized Netns find(int inode) {
    if (inode == host.inode()) {
      return host;
    }
    Remembered known = remembered.get(inode);
    if (known != null && stillHolds(known)) {
      return known.netns();
    }
    Netns found = search(inode, known == null ? null : known.netns());
    remembered.put(inode, new Remembered(found, System.nanoTime()));
    return found;
  }

  /**
   * The name under /run/netns, else "host", else "web-7f9c/nginx[1234]" in a container and
   * "nginx[1234]" outside, else "net:[4026532177]".
   */
  public String displayName(int inode) {
    return find(inode).displayName();
  }

  /** All that can be found: the host's, those with a name, and those of processes. */
  public Collection<Netns> all() {
    Map<Integer, Netns> all = new LinkedHashMap<>();
    all.put(host.inode(), host);
    for (Path file : entries(names)) {
      NsfsInode.of(file)
          .ifPresent(inode ->
              all.putIfAbsent(inode, new Netns.Named(inode, file.getFileName().toString(), file)));
    }
    for (int pid : pids()) {
      NsfsInode.of(proc.resolve(pid + "/ns/net"))
          .ifPresent(inode -> all.computeIfAbsent(inode, _ -> ofProcess(inode, pid)));
    }
    return all.values();
  }

  /** Forgets what was found, so that the next question searches. */
  public synchronized void refresh() {
    remembered.clear();
  }

  private boolean stillHolds(Remembered known) {
    return switch (known.netns()) {
      case Netns.Host _ -> true;
      case Netns.Named named -> NsfsInode.is(named.nsFile(), named.inode());
      case Netns.OfProcess process ->
          NsfsInode.is(process.nsFile(), process.inode()) && named(process.inode()).isEmpty();
      // The next namespace may have got the inode of the one that is gone.
      case Netns.Unlocated unlocated ->
          System.nanoTime() - known.searchedNs() < SEARCH_AGAIN_NS
              && named(unlocated.inode()).isEmpty();
    };
  }

  private Netns search(int inode, @Nullable Netns before) {
    return named(inode)
        .or(() -> ofProcess(inode))
        .orElseGet(() -> new Netns.Unlocated(inode, formerName(before)));
  }

  private static Optional<String> formerName(@Nullable Netns before) {
    return switch (before) {
      case null -> Optional.empty();
      case Netns.Unlocated unlocated -> unlocated.formerName();
      case Netns located -> Optional.of(located.displayName());
    };
  }

  private Optional<Netns> named(int inode) {
    for (Path file : entries(names)) {
      if (NsfsInode.is(file, inode)) {
        return Optional.of(new Netns.Named(inode, file.getFileName().toString(), file));
      }
    }
    return Optional.empty();
  }

  private Optional<Netns> ofProcess(int inode) {
    for (int pid : pids()) {
      if (NsfsInode.is(proc.resolve(pid + "/ns/net"), inode)) {
        return Optional.of(ofProcess(inode, pid));
      }
    }
    return Optional.empty();
  }

  private Netns ofProcess(int inode, int pid) {
    Path process = proc.resolve(Integer.toString(pid));
    return new Netns.OfProcess(
        inode, pid, comm(process), ContainerName.of(process), process.resolve("ns/net"));
  }

  private int[] pids() {
    return entries(proc).stream()
        .map(entry -> entry.getFileName().toString())
        .filter(name -> name.chars().allMatch(c -> c >= '0' && c <= '9'))
        .mapToInt(Integer::parseInt)
        .sorted()
        .toArray();
  }

  private static String comm(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "process"; // ended just now, or its name is no UTF-8
    }
  }

  private static List<Path> entries(Path directory) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException e) {
      return entries; // no /run/netns, or it changed: what was seen so far holds
    }
    return entries;
  }
}
