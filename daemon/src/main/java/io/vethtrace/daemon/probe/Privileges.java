package io.vethtrace.daemon.probe;

/** Which capabilities to give, in words; docs/privileges.md says what each is for. */
final class Privileges {
  /** Without these nothing can be traced; CAP_SYS_ADMIN stands for both. */
  static final String LEAST = "run as root, or with the capabilities CAP_BPF and CAP_PERFMON";

  /** With these nothing is missed. */
  static final String ALL =
      "run as root, or with CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYSLOG, CAP_NET_ADMIN, CAP_NET_RAW";

  private Privileges() {}
}
