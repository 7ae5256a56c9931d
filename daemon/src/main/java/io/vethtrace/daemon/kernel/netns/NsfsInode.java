package io.vethtrace.daemon.kernel.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** The inode of the namespace that a file stands for: /proc/PID/ns/net, or a mount of it. */
public final class NsfsInode {
  static final Path THIS_THREAD = Path.of("/proc/thread-self/ns/net");

  private NsfsInode() {}

  /** Empty where the file is gone, may not be looked at, or is on another file system than nsfs. */
  public static OptionalInt of(Path file) {
    try {
      Map<String, Object> stat = Files.readAttributes(file, "unix:ino,dev");
      // A name under /run/netns that is left after a reboot is an ordinary file.
      boolean onNsfs = Nsfs.DEV.equals(stat.get("dev"));
      return onNsfs && stat.get("ino") instanceof Long inode
          ? OptionalInt.of(inode.intValue())
          : OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  static boolean is(Path file, int inode) {
    OptionalInt found = of(file);
    return found.isPresent() && found.getAsInt() == inode;
  }

  private static final class Nsfs {
    static final Object DEV = dev();

    private static Object dev() {
      try {
        return Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:dev");
      } catch (IOException e) {
        throw new IllegalStateException("/proc/self/ns/net cannot be read: is /proc mounted?", e);
      }
    }
  }
}
