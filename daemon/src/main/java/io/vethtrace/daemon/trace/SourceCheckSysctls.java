package io.vethtrace.daemon.trace;

/**
 * The sysctls that fib_validate_source reads, with their values at one moment: of {@code conf/all}
 * and of the receiving device (net/ipv4/fib_frontend.c, include/linux/inetdevice.h).
 */
public record SourceCheckSysctls(
    int rpFilterAll, int rpFilterDev, int acceptLocalAll, int acceptLocalDev) {

  /** IN_DEV_RPFILTER: the maximum of the two. */
  public int rpFilter() {
    return Math.max(rpFilterAll, rpFilterDev);
  }

  /** IN_DEV_ACCEPT_LOCAL: either of the two. */
  public boolean acceptLocal() {
    return acceptLocalAll != 0 || acceptLocalDev != 0;
  }
}
