package io.vethtrace.cli.investigate;

import io.vethtrace.cli.exit.Failure;
import java.util.Optional;

/** A network namespace that somebody names on the command line, or does not. */
public final class NamedNetns {
  private NamedNetns() {}

  /** The inode of the namespace that this program is in. */
  public static long own() {
    return ProcFile.netnsInode(ProcessHandle.current().pid())
        .orElseThrow(() -> Failure.notPossible("/proc/self cannot be read: is /proc mounted?"));
  }

  /**
   * The inode of the namespace with this name under /run/netns, as {@code ip netns} has it.
   *
   * @throws Failure where there is none
   */
  public static long inode(String name) {
    return ProcFile.namedNetnsInode(name)
        .orElseThrow(() ->
            Failure.usage(
                "there is no network namespace '%s'; ip netns list shows those that have a name"
                    .formatted(name)));
  }

  /** The same, or the inode that the name is itself; empty where it is neither. */
  public static Optional<Long> inodeOrNumber(String name) {
    return ProcFile.namedNetnsInode(name).or(() -> number(name));
  }

  private static Optional<Long> number(String name) {
    return name.matches("\\d{1,10}") ? Optional.of(Long.valueOf(name)) : Optional.empty();
  }
}
