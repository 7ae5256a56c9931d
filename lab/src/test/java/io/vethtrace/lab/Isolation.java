package io.vethtrace.lab;

import java.util.List;
import java.util.stream.Stream;

/** Machines that lack something, made of this one for one program. */
final class Isolation {
  static final String WITHOUT_LIBBPF =
      "for file in $(ldconfig -p | awk '$1 == \"libbpf.so.1\" {print $NF}'); do mount --bind /dev/null \"$file\"; done";
  static final String WITHOUT_BTF = "mount -t tmpfs none /sys/kernel/btf";

  static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private Isolation() {}

  /** Mounts in a mount namespace of its own hide things from this one program. */
  static Finished hiding(String hide, String... command) {
    String script = "mount --make-rprivate / && { %s; } && exec \"$@\"".formatted(hide);
    return run(Stream.of("unshare", "--mount", "sh", "-c", script, "sh"), command);
  }

  /** As a user without privileges. */
  static Finished asNobody(String... command) {
    return run(NOBODY.stream(), command);
  }

  private static Finished run(Stream<String> before, String... command) {
    return Finished.of(Stream.concat(before, Stream.of(command)).toArray(String[]::new));
  }
}
