package io.vethtrace.daemon.libbpf;

/** As long as it is open the kernel measures how long each program runs (BPF_ENABLE_STATS, 5.8). */
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
