package io.vethtrace.daemon.probe.attach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The compiled objects of the module vethtrace-bpf, for the architecture that this runs on. */
public final class BpfObjectFiles {
  private static final String ROOT = "/io/vethtrace/bpf/";

  private BpfObjectFiles() {}

  /** The bytes of {@code <name>.bpf.o}. */
  public static byte[] object(String name) {
    return object(name, architecture());
  }

  /** The same for another architecture, as the kernel names it (arch/). */
  public static byte[] object(String name, String architecture) {
    return bytes(ROOT + architecture + "/" + name + ".bpf.o");
  }

  private static String architecture() {
    String java = System.getProperty("os.arch");
    return switch (java) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm64";
      default ->
          throw new TracingUnavailableException(
              "no probes were built for this architecture (" + java + ")",
              "run vethtrace on x86-64 or arm64, which have them");
    };
  }

  private static byte[] bytes(String path) {
    try (InputStream in = BpfObjectFiles.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the class path: resource=" + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
