package io.vethtrace.daemon.probe.attach;

/** The capabilities to give, in words; docs/privileges.md says what each is for. */
public final class PrivilegeAdvice {
  /** The capabilities that tracing needs; CAP_SYS_ADMIN includes both. */
  static final String LEAST = "run as root, or with the capabilities CAP_BPF and CAP_PERFMON";

  /** The capabilities with which nothing is missing. */
  public static final String ALL =
      "run as root, or with CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYSLOG, CAP_NET_ADMIN, CAP_NET_RAW";

  private PrivilegeAdvice() {}
}
