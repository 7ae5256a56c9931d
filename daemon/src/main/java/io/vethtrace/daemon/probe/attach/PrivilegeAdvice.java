package io.vethtrace.daemon.probe.attach;

/** Which capabilities to give, in words; docs/privileges.md says what each is for. */
public final class PrivilegeAdvice {
  /** Without these nothing can be traced; CAP_SYS_ADMIN stands for both. */
  static final String LEAST = "run as root, or with the capabilities CAP_BPF and CAP_PERFMON";

  /** With these nothing is missed. */
  public static final String ALL =
      "run as root, or with CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYSLOG, CAP_NET_ADMIN, CAP_NET_RAW";

  private PrivilegeAdvice() {}
}
