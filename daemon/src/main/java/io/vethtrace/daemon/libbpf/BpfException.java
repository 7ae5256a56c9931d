package io.vethtrace.daemon.libbpf;

/** A call of libbpf or libc that failed, with everything that the library and the kernel said. */
public final class BpfException extends RuntimeException {
  private final String operation;
  private final int errno;
  private final String warnings;
  private final String log;

  /**
   * @param operation what was tried, in C's names: {@code bpf_object__load veth_xmit}
   * @param errno the positive error number
   * @param warnings libbpf's last words, empty where it said nothing
   * @param log the verifier's log, empty where no program was rejected
   */
  public BpfException(String operation, int errno, String warnings, String log) {
    super(message(operation, errno, warnings, log));
    this.operation = operation;
    this.errno = errno;
    this.warnings = warnings;
    this.log = log;
  }

  private static String message(String operation, int errno, String warnings, String log) {
    String message = operation + ": " + BpfErrno.name(errno) + " (" + errno + ")";
    if (!warnings.isEmpty()) {
      message += "\n" + warnings;
    }
    return log.isEmpty() ? message : message + "\n" + log;
  }

  public String operation() {
    return operation;
  }

  public int errno() {
    return errno;
  }

  public String errnoName() {
    return BpfErrno.name(errno);
  }

  /** libbpf's own warnings during the call, one a line, without its prefix. */
  public String warnings() {
    return warnings;
  }

  /** Returns the verifier's log of the program that it rejected. */
  public String log() {
    return log;
  }
}
