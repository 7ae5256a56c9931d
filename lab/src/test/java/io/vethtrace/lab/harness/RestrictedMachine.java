package io.vethtrace.lab.harness;

import java.util.List;
import java.util.stream.Stream;

/** Runs one program as if this machine lacked something. */
public final class RestrictedMachine {
  public static final String WITHOUT_LIBBPF =
      "for file in $(ldconfig -p | awk '$1 == \"libbpf.so.1\" {print $NF}'); do mount --bind /dev/null \"$file\"; done";
  public static final String WITHOUT_BTF = "mount -t tmpfs none /sys/kernel/btf";

  public static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private RestrictedMachine() {}

  /**
   * Runs a program in a mount namespace of its own after a shell command that hides files there.
   */
  public static ProcessResult hiding(String hide, String... command) {
    String script = "mount --make-rprivate / && { %s; } && exec \"$@\"".formatted(hide);
    return run(Stream.of("unshare", "--mount", "sh", "-c", script, "sh"), command);
  }

  /** Runs a program as a user without privileges. */
  public static ProcessResult asNobody(String... command) {
    return run(NOBODY.stream(), command);
  }

  private static ProcessResult run(Stream<String> before, String... command) {
    return ProcessResult.of(Stream.concat(before, Stream.of(command)).toArray(String[]::new));
  }
}
