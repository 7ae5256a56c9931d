package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An epoll descriptor that waits until a map has something to read. */
public final class Epoll implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = 0x80000; // include/uapi/linux/eventpoll.h
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;

  /** {@code struct epoll_event} is 12 bytes, packed, on x86-64 and 16 elsewhere. */
  private static final int EVENT_BYTES = 16;

  private final PosixCLibrary libc = Libbpf.load().libc();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment event = arena.allocate(EVENT_BYTES, Long.BYTES);
  private final int fd;

  public Epoll(BpfMap map) {
    fd = check("epoll_create1", libc.epoll_create1(EPOLL_CLOEXEC));
    event.set(JAVA_INT, 0, EPOLLIN);
    check("epoll_ctl", libc.epoll_ctl(fd, EPOLL_CTL_ADD, map.fd(), event));
  }

  /** Waits until there is something to read: false where the time was over, or a signal came. */
  public boolean await(int timeoutMillis) {
    int ready = libc.epoll_wait(fd, event, 1, timeoutMillis);
    if (ready < 0 && NativeSymbols.errno() == BpfErrno.EINTR) {
      return false;
    }
    return check("epoll_wait", ready) > 0;
  }

  @Override
  public void close() {
    libc.close(fd);
    arena.close();
  }

  private static int check(String operation, int result) {
    if (result < 0) {
      throw new BpfException(operation, NativeSymbols.errno(), "", "");
    }
    return result;
  }
}
