package io.vethtrace.daemon.libbpf;

import static io.vethtrace.daemon.libbpf.NativeSymbols.INT;
import static io.vethtrace.daemon.libbpf.NativeSymbols.LONG;
import static io.vethtrace.daemon.libbpf.NativeSymbols.POINTER;
import static io.vethtrace.daemon.libbpf.NativeSymbols.callState;
import static io.vethtrace.daemon.libbpf.NativeSymbols.unexpected;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libc that stand beside libbpf, under their own names: −1 (MAP_FAILED for mmap)
 * leaves the reason in {@link NativeSymbols#errno()}.
 */
final class PosixCLibrary {
  private final MethodHandle mmap;
  private final MethodHandle munmap;
  private final MethodHandle epollCreate1;
  private final MethodHandle epollCtl;
  private final MethodHandle epollWait;
  private final MethodHandle close;
  private final MethodHandle getpagesize;
  private final MethodHandle vsnprintf;
  private final MethodHandle socket;
  private final MethodHandle sendto;

  PosixCLibrary(NativeSymbols libc) {
    mmap = libc.returningPointer("mmap", POINTER, LONG, INT, INT, INT, LONG);
    munmap = libc.returningInt("munmap", POINTER, LONG);
    epollCreate1 = libc.returningInt("epoll_create1", INT);
    epollCtl = libc.returningInt("epoll_ctl", INT, INT, INT, POINTER);
    epollWait = libc.returningInt("epoll_wait", INT, POINTER, INT, INT);
    close = libc.returningInt("close", INT);
    socket = libc.returningInt("socket", INT, INT, INT);
    sendto = libc.returningLong("sendto", INT, POINTER, LONG, INT, POINTER, INT);
    getpagesize = libc.returningInt("getpagesize");
    // A va_list arrives and leaves as a pointer: an array type on x86-64, passed by reference on
    // arm64 (AAPCS64, 6.8.2 rule B.4: a composite of more than 16 bytes).
    vsnprintf = libc.returningInt("vsnprintf", POINTER, LONG, POINTER, POINTER);
  }

  MemorySegment mmap(long lengthBytes, int protection, int flags, int fd, long offset) {
    try {
      return (MemorySegment)
          mmap.invokeExact(
              callState(), MemorySegment.NULL, lengthBytes, protection, flags, fd, offset);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int munmap(MemorySegment address, long lengthBytes) {
    try {
      return (int) munmap.invokeExact(callState(), address, lengthBytes);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int epoll_create1(int flags) {
    try {
      return (int) epollCreate1.invokeExact(callState(), flags);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int epoll_ctl(int epollFd, int operation, int fd, MemorySegment event) {
    try {
      return (int) epollCtl.invokeExact(callState(), epollFd, operation, fd, event);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int epoll_wait(int epollFd, MemorySegment events, int maxEvents, int timeoutMillis) {
    try {
      return (int) epollWait.invokeExact(callState(), epollFd, events, maxEvents, timeoutMillis);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int close(int fd) {
    try {
      return (int) close.invokeExact(callState(), fd);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int socket(int domain, int type, int protocol) {
    try {
      return (int) socket.invokeExact(callState(), domain, type, protocol);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  long sendto(
      int fd,
      MemorySegment bytes,
      long lengthBytes,
      int flags,
      MemorySegment address,
      int addressBytes) {
    try {
      return (long)
          sendto.invokeExact(callState(), fd, bytes, lengthBytes, flags, address, addressBytes);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int getpagesize() {
    try {
      return (int) getpagesize.invokeExact(callState());
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int vsnprintf(MemorySegment buffer, long sizeBytes, MemorySegment format, MemorySegment vaList) {
    try {
      return (int) vsnprintf.invokeExact(callState(), buffer, sizeBytes, format, vaList);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }
}
