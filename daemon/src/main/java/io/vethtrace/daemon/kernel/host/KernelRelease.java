package io.vethtrace.daemon.kernel.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The release and machine of the running kernel (uname(2)), for people to read. vethtrace asks BTF
 * and tries to attach to learn the features of a kernel; it never asks the release.
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
