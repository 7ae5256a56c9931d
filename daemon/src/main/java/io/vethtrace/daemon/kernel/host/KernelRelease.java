package io.vethtrace.daemon.kernel.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What uname(2) says of the running kernel. For people to read: what a kernel can do is asked of
 * its BTF and of the attempt, never of its release.
 *
 * @param release "6.1.0-56-amd64"
 * @param machine "x86_64", "aarch64"
 */
public record KernelRelease(String release, String machine) {
  private static final Path OSRELEASE = Path.of("/proc/sys/kernel/osrelease");

  public static KernelRelease ofRunningKernel() {
    try {
      return new KernelRelease(
          Files.readString(OSRELEASE).strip(), machineOf(System.getProperty("os.arch", "unknown")));
    } catch (IOException e) {
      throw new UncheckedIOException(OSRELEASE + " cannot be read: is /proc mounted?", e);
    }
  }

  // The JVM has its own word for one of the machines that it runs on; uname has the kernel's.
  private static String machineOf(String osArch) {
    return osArch.equals("amd64") ? "x86_64" : osArch;
  }
}
