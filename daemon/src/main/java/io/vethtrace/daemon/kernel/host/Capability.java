package io.vethtrace.daemon.kernel.host;

/** The capabilities that tracing touches, with their numbers (include/uapi/linux/capability.h). */
public enum Capability {
  CAP_BPF(39),
  CAP_PERFMON(38),
  CAP_SYS_ADMIN(21),
  CAP_SYS_PTRACE(19),
  CAP_SYSLOG(34),
  CAP_NET_ADMIN(12),
  CAP_SYS_RESOURCE(24),
  CAP_NET_RAW(13),
  CAP_KILL(5);

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  /** Its bit in a set. */
  public long mask() {
    return 1L << number;
  }
}
