package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.shell.ShellWord;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a network namespace can be found: what to call it, how to enter it, what to put before a
 * shell command so that it acts there. The kernel knows it by its inode on nsfs alone.
 */
public sealed interface Netns {
  /** Inode number on nsfs (ns_common.inum), unsigned. */
  int inode();

  /** What people call it. */
  String displayName();

  /**
   * What makes a command that is run in a shell on the host act in this namespace: "", or words
   * that end in a blank. Empty where no command can.
   */
  Optional<String> commandPrefix();

  /** The file to give to setns(2); empty where there is none. */
  Optional<Path> file();

  /**
   * The namespace of pid 1, in which the shell runs that a printed command is for. It is "host"
   * even where it has a name under /run/netns, because a command needs no prefix there.
   */
  record Host(int inode, Path nsFile) implements Netns {
    public static final String NAME = "host";

    @Override
    public String displayName() {
      return NAME;
    }

    @Override
    public Optional<String> commandPrefix() {
      return Optional.of("");
    }

    @Override
    public Optional<Path> file() {
      return Optional.of(nsFile);
    }
  }

  /** A namespace with a name under /run/netns, as {@code ip netns add} makes it. */
  record Named(int inode, String name, Path nsFile) implements Netns {
    @Override
    public String displayName() {
      return name;
    }

    @Override
    public Optional<String> commandPrefix() {
      return Optional.of("ip netns exec " + ShellWord.of(name) + " ");
    }

    @Override
    public Optional<Path> file() {
      return Optional.of(nsFile);
    }
  }

  /**
   * A namespace without a name, a container's for example.
   *
   * @param pid the lowest process id in it
   * @param comm that process's name (/proc/PID/comm)
   * @param container what the container that it is in calls itself; empty where it is in none
   */
  record OfProcess(int inode, int pid, String comm, Optional<String> container, Path nsFile)
      implements Netns {
    @Override
    public String displayName() {
      return container.map(name -> name + "/").orElse("") + comm + "[" + pid + "]";
    }

    @Override
    public Optional<String> commandPrefix() {
      return Optional.of("nsenter --target " + pid + " --net ");
    }

    @Override
    public Optional<Path> file() {
      return Optional.of(nsFile);
    }
  }

  /**
   * Gone; or held only by a descriptor, a mount elsewhere, or processes that may not be looked at.
   *
   * @param formerName what it was called when it could last be found
   */
  record Unlocated(int inode, Optional<String> formerName) implements Netns {
    @Override
    public String displayName() {
      return formerName.orElse("net:[" + Integer.toUnsignedString(inode) + "]");
    }

    @Override
    public Optional<String> commandPrefix() {
      return Optional.empty();
    }

    @Override
    public Optional<Path> file() {
      return Optional.empty();
    }
  }
}
