package io.vethtrace.daemon.libbpf;

/**
 * Names of the error numbers that the bpf system call and libbpf return. The values are those of
 * include/uapi/asm-generic/errno-base.h and errno.h, which x86-64 and arm64 share, and of
 * include/linux/errno.h (524), Linux 6.1.
 */
public final class BpfErrno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int E2BIG = 7;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int EOPNOTSUPP = 95;
  public static final int ENOTSUPP = 524;

  private BpfErrno() {}

  /** The kernel's name of {@code errno}, or the number where it is none of those above. */
  public static String name(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM";
      case ENOENT -> "ENOENT";
      case ESRCH -> "ESRCH";
      case EINTR -> "EINTR";
      case 5 -> "EIO";
      case E2BIG -> "E2BIG";
      case 8 -> "ENOEXEC";
      case 9 -> "EBADF";
      case 11 -> "EAGAIN";
      case ENOMEM -> "ENOMEM";
      case EACCES -> "EACCES";
      case 14 -> "EFAULT";
      case 16 -> "EBUSY";
      case 17 -> "EEXIST";
      case ENODEV -> "ENODEV";
      case EINVAL -> "EINVAL";
      case 23 -> "ENFILE";
      case 24 -> "EMFILE";
      case ENOSPC -> "ENOSPC";
      case 34 -> "ERANGE";
      case 38 -> "ENOSYS";
      case EOPNOTSUPP -> "EOPNOTSUPP";
      case ENOTSUPP -> "ENOTSUPP";
      default -> "errno " + errno;
    };
  }
}
