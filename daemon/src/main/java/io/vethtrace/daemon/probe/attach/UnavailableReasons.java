package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.libbpf.BpfErrno;
import io.vethtrace.daemon.libbpf.BpfException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The reasons for which nothing can be traced, each with what to do. */
public final class UnavailableReasons {
  public static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");
  public static final String BTF_REMEDY =
      "boot a kernel with CONFIG_DEBUG_INFO_BTF=y, and in a container mount /sys";

  private UnavailableReasons() {}

  public static void requireBtf(Path btf) {
    if (!Files.exists(btf)) {
      throw new TracingUnavailableException(btf + " is missing", BTF_REMEDY);
    }
  }

  public static TracingUnavailableException noMemory(int ringBytes, BpfException e) {
    return new TracingUnavailableException(
        "no memory for a ring of %s (%s)".formatted(ByteCountText.of(ringBytes), e.errnoName()),
        "pass --ring-bytes with less",
        e);
  }

  /**
   * Explains a ring that is too large. On Linux before 5.11 the ring counts against RLIMIT_MEMLOCK
   * (bpf_charge_memlock, kernel/bpf/syscall.c, 5.10), which libbpf raises if it has
   * CAP_SYS_RESOURCE.
   */
  public static TracingUnavailableException memlock(int ringBytes, BpfException e) {
    return new TracingUnavailableException(
        "a ring of %s is more than the limit on locked memory allows (%s)"
            .formatted(ByteCountText.of(ringBytes), e.errnoName()),
        "raise it (ulimit -l unlimited; LimitMEMLOCK=infinity in a systemd unit), give"
            + " CAP_SYS_RESOURCE, or pass --ring-bytes with less",
        e);
  }

  /** There is a ring, so what is missing is most likely memory, or leave to lock it (see above). */
  public static TracingUnavailableException noCounters(
      BpfException e, ProcessCapabilities capabilities) {
    return switch (e.errno()) {
      case BpfErrno.ENOMEM ->
          new TracingUnavailableException(
              "no memory for the counters (ENOMEM)",
              "free some, or pass --ring-bytes with less",
              e);
      case BpfErrno.EPERM ->
          capabilities.mayUseBpf()
              ? new TracingUnavailableException(
                  "the counters are more than the limit on locked memory allows (EPERM)",
                  "raise it (ulimit -l unlimited; LimitMEMLOCK=infinity in a systemd unit), or give"
                      + " CAP_SYS_RESOURCE",
                  e)
              : noPrivilege(e, capabilities);
      default -> noPrivilege(e, capabilities);
    };
  }

  public static TracingUnavailableException noPrivilege(
      BpfException e, ProcessCapabilities capabilities) {
    return new TracingUnavailableException(
        "the kernel refuses BPF to this process (%s: %s)".formatted(e.operation(), e.errnoName()),
        privilegeRemedy(capabilities),
        e);
  }

  /**
   * Returns the advice for refused privileges. If the process has the capabilities, something other
   * than the kernel's check refuses BPF.
   */
  private static String privilegeRemedy(ProcessCapabilities capabilities) {
    if (!capabilities.inFirstUserNamespace()) {
      return "leave the container's user namespace, in which no capability counts for BPF, and "
          + PrivilegeAdvice.LEAST;
    }
    return capabilities.mayUseBpf() && capabilities.mayMonitor()
        ? "let the seccomp filter or security module that forbids bpf(2) allow it"
        : PrivilegeAdvice.LEAST;
  }

  /** Explains that no mechanism of any probe point worked. */
  public static TracingUnavailableException nothingAttached(
      List<AttachFailure> refusals, ProcessCapabilities capabilities) {
    AttachFailure last = refusals.getLast();
    boolean privilege = last.errno() == BpfErrno.EPERM || last.errno() == BpfErrno.EACCES;
    return new TracingUnavailableException(
        "no probe point could be attached (%s)".formatted(last),
        privilege
            ? privilegeRemedy(capabilities)
            : "boot Linux 5.10 or later with BPF tracing (CONFIG_BPF_EVENTS)");
  }
}
