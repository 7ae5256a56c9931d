package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The reasons for which nothing can be traced, each with what to do. */
final class Unavailable {
  static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");

  private static final String PRIVILEGES =
      "run as root, or with the capabilities CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN";

  private Unavailable() {}

  static void requireBtf(Path btf) {
    if (!Files.exists(btf)) {
      throw new TracingUnavailableException(
          btf
              + " is missing: boot a kernel with CONFIG_DEBUG_INFO_BTF=y,"
              + " and in a container mount /sys");
    }
  }

  static TracingUnavailableException noMemory(int ringBytes, BpfException e) {
    String size = ringBytes >= 1 << 20 ? (ringBytes >> 20) + " MiB" : ringBytes + " bytes";
    return new TracingUnavailableException(
        "no memory for a ring of %s (%s): pass --ring-bytes with less"
            .formatted(size, e.errnoName()),
        e);
  }

  static TracingUnavailableException noPrivilege(BpfException e) {
    return new TracingUnavailableException(
        "the kernel refuses BPF to this process (%s: %s): %s"
            .formatted(e.operation(), e.errnoName(), PRIVILEGES),
        e);
  }

  /** Every rung of every ladder was refused. */
  static TracingUnavailableException nothingAttached(List<Refusal> refusals) {
    Refusal last = refusals.getLast();
    boolean privilege = last.errno() == Errno.EPERM || last.errno() == Errno.EACCES;
    return new TracingUnavailableException(
        "no probe point could be attached (%s): %s"
            .formatted(
                last,
                privilege
                    ? PRIVILEGES
                    : "vethtrace needs Linux 5.10 or later with BPF tracing (CONFIG_BPF_EVENTS)"));
  }
}
