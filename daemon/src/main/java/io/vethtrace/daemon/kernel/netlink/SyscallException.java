package io.vethtrace.daemon.kernel.netlink;

import java.io.IOException;

/** A system call that failed, with its errno. */
public final class SyscallException extends IOException {
  private final int errno;

  SyscallException(String call, int errno) {
    super(call + ": " + Errno.name(errno));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }
}
