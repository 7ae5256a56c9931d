package io.vethtrace.daemon.kernel;

import java.io.IOException;

/** A system call that failed, with its errno. */
final class SyscallException extends IOException {
  private final int errno;

  SyscallException(String call, int errno) {
    super(call + ": " + Errno.name(errno));
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}
