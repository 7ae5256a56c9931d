package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.netlink.Errno;
import io.vethtrace.daemon.kernel.netlink.NetnsSyscalls;
import io.vethtrace.daemon.kernel.netlink.SyscallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Reads what a namespace has, now. The reading is done by a platform thread that enters the
 * namespace, which it never leaves: it is made for one reading and ends with it.
 */
public final class NetnsReader {
  /**
   * The prefix of the names of the reading threads. The probes leave out route look-ups of threads
   * with this prefix.
   */
  private static final String THREAD = "vt-netns"; // bpf/route_lookup.h, VT_READER_COMM

  private final NetnsLookup directory;

  public NetnsReader(NetnsLookup directory) {
    this.directory = directory;
  }

  /** Reads the namespace with this inode; waits for the result. Safe for use by any thread. */
  public NetnsReading read(int inode) {
    return read(inode, NetnsRequest.NOTHING);
  }

  /**
   * Reads the namespace with this inode and the facts that {@code wanted} asks for; waits for the
   * result.
   */
  public NetnsReading read(int inode, NetnsRequest request) {
    Netns netns = directory.find(inode);
    if (netns.file().isEmpty()) {
      return new NetnsReading.Unreadable(
          "namespace "
              + netns.displayName()
              + " is gone, or has neither a name under /run/netns nor a process that this one may"
              + " look at");
    }
    return reading(netns, () -> enterAndRead(netns, netns.file().get(), request));
  }

  /**
   * The same facts, and which namespaces the ids in {@code wanted} stand for there. One that cannot
   * be found stays unknown. Asks for every namespace of the machine: for what a verdict needs.
   */
  public NetnsFacts withNamespaces(NetnsFacts facts, Set<Integer> wanted) {
    Netns netns = directory.find(facts.inode());
    if (wanted.isEmpty() || netns.file().isEmpty()) {
      return facts;
    }
    NetnsReading read =
        reading(netns, () -> enterAndResolve(netns, netns.file().get(), facts, wanted));
    return read instanceof NetnsReading.Read(NetnsFacts known) ? known : facts;
  }

  /**
   * The devices of a namespace, and, among {@code candidates}, the namespaces of their peers.
   *
   * @throws IOException where it cannot be entered or read
   */
  public NetnsLinks links(int inode, Collection<Netns> candidates) throws IOException {
    try {
      return inside(inode, () -> NetnsLinks.ofThisThread(candidates));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /**
   * Does something inside a namespace, on a platform thread of its own, and waits for it. What it
   * opens there stays of that namespace.
   *
   * @throws IOException where the namespace cannot be entered
   * @throws Exception what {@code task} throws
   */
  public <T> T inside(int inode, Callable<T> task) throws Exception {
    Netns netns = directory.find(inode);
    Path file =
        netns
            .file()
            .orElseThrow(
                () -> new IOException("namespace " + netns.displayName() + " cannot be found"));
    try {
      return onItsOwnThread(
          netns,
          () -> {
            enter(netns, file);
            return task.call();
          });
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /**
   * Returns the reason why a thread may not enter a network namespace, or empty if it may. The
   * method enters the namespace of this process: {@code netns_install} (net/core/net_namespace.c,
   * 6.18) asks for the same capability there.
   */
  public static Optional<String> enterRefusal() {
    FutureTask<Optional<String>> task = new FutureTask<>(() -> refusal(NsfsInode.THIS_THREAD));
    Thread.ofPlatform().daemon().name(THREAD + "-trial").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("entering a namespace", e.getCause());
    }
  }

  private static Optional<String> refusal(Path file) {
    try {
      NetnsSyscalls.enter(file);
      return Optional.empty();
    } catch (SyscallException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private NetnsReading enterAndResolve(
      Netns netns, Path file, NetnsFacts facts, Set<Integer> wanted) {
    try {
      enter(netns, file);
      return new NetnsReading.Read(facts.withNamespaces(NetnsIds.of(wanted, directory.all())));
    } catch (IOException e) {
      return unreadable(netns, e.toString());
    }
  }

  private static NetnsReading reading(Netns netns, Callable<NetnsReading> reading) {
    try {
      return onItsOwnThread(netns, reading);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new NetnsReading.Unreadable("interrupted while reading " + netns.displayName());
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading " + netns, e.getCause());
    }
  }

  private static <T> T onItsOwnThread(Netns netns, Callable<T> task)
      throws InterruptedException, ExecutionException {
    FutureTask<T> running = new FutureTask<>(task);
    Thread.ofPlatform().daemon().name(THREAD + "-" + netns.displayName()).start(running);
    return running.get();
  }

  private static NetnsReading enterAndRead(Netns netns, Path file, NetnsRequest request) {
    try {
      enter(netns, file);
      return new NetnsReading.Read(NetnsFactsReader.read(netns, request));
    } catch (SyscallException e) {
      String advice = e.errno() == Errno.EPERM ? "; entering it needs CAP_SYS_ADMIN" : "";
      return unreadable(netns, e.getMessage() + advice);
    } catch (IOException e) {
      return unreadable(netns, e.toString());
    }
  }

  private static NetnsReading unreadable(Netns netns, String why) {
    return new NetnsReading.Unreadable(
        "namespace " + netns.displayName() + " cannot be read: " + why);
  }

  private static void enter(Netns netns, Path file) throws IOException {
    if (NsfsInode.is(NsfsInode.THIS_THREAD, netns.inode())) {
      return; // a thread starts in the namespace of the one that made it
    }
    NetnsSyscalls.enter(file);
    if (!NsfsInode.is(NsfsInode.THIS_THREAD, netns.inode())) {
      throw new IOException(file + " is another namespace by now");
    }
  }
}
