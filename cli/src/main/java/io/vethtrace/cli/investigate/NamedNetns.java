package io.vethtrace.cli.investigate;

import io.vethtrace.cli.exit.Failure;
import java.util.Optional;

/** Finds network namespaces: the one of this program, and those that the command line names. */
public final class NamedNetns {
  private NamedNetns() {}

  /** Returns the inode of this program's own namespace. */
  public static long own() {
    return ProcFile.netnsInode(ProcessHandle.current().pid())
        .orElseThrow(() -> Failure.notPossible("/proc/self cannot be read: is /proc mounted?"));
  }

  /**
   * Returns the inode of a namespace.
   *
   * @param name a name under /run/netns, as {@code ip netns} uses it, or an inode
   * @throws Failure if it is neither
   */
  public static long inode(String name) {
    return findInode(name)
        .orElseThrow(() ->
            Failure.usage(
                "there is no network namespace '%s'; ip netns list shows those that have a name"
                    .formatted(name)));
  }

  /** Returns the inode of a namespace, as {@link #inode} does; empty if there is none. */
  public static Optional<Long> findInode(String name) {
    return ProcFile.namedNetnsInode(name).or(() -> number(name));
  }

  private static Optional<Long> number(String name) {
    return name.matches("\\d{1,10}") ? Optional.of(Long.valueOf(name)) : Optional.empty();
  }
}
