package io.vethtrace.daemon.libbpf;

/**
 * Makes the kernel measure the run time of each program while it is open (BPF_ENABLE_STATS, 5.8).
 */
public final class RunStatistics implements AutoCloseable {
  private final PosixCLibrary libc;
  private final int fd;

  RunStatistics(PosixCLibrary libc, int fd) {
    this.libc = libc;
    this.fd = fd;
  }

  @Override
  public void close() {
    libc.close(fd);
  }
}
