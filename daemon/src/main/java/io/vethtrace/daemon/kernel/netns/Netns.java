package io.vethtrace.daemon.kernel.netns;

import io.vethtrace.daemon.kernel.shell.ShellWord;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network namespace: its name, its file, and the shell words that make a command act there. The
 * kernel knows a namespace only by its inode on nsfs.
 */
public sealed interface Netns {
  /** Inode number on nsfs (ns_common.inum), unsigned. */
  int inode();

  /** Returns the name of the namespace for people. */
  String displayName();

  /**
   * Returns the words that make a shell command of the host act in this namespace: "", or words
   * that end in a blank. Empty if no command can act there.
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
   * @param container the name of its container; empty outside a container
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
   * @param formerName the last known name
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
