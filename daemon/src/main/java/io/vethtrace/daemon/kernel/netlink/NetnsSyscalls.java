package io.vethtrace.daemon.kernel.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The system calls with which a thread enters a network namespace and asks the kernel for its
 * devices. The one class outside {@code libbpf} that calls native code. Numbers are those of
 * include/uapi (6.18), the same on x86 and arm64.
 */
public final class NetnsSyscalls {
  private static final int O_RDONLY_CLOEXEC = 0x80000; // asm-generic/fcntl.h
  private static final int CLONE_NEWNET = 0x40000000; // linux/sched.h
  private static final int AF_NETLINK = 16; // linux/socket.h
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000; // linux/net.h
  private static final int NETLINK_ROUTE = 0; // linux/netlink.h
  private static final int SOL_SOCKET = 1; // asm-generic/socket.h
  private static final int SO_NETNS_COOKIE = 71;
  private static final int MSG_TRUNC = 0x20; // linux/socket.h: the real length is the result

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF_STATE =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle SETNS =
      handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SOCKET =
      handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SEND =
      handle("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECV =
      handle("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      handle(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

  private NetnsSyscalls() {}

  // libc's own prototypes are given above, which is what the restriction asks for.
  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... more) {
    Linker.Option[] options = new Linker.Option[more.length + 1];
    options[0] = ERRNO;
    System.arraycopy(more, 0, options, 1, more.length);
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /** Moves the calling thread, and no other, into the namespace. It cannot be undone here. */
  public static void enter(Path nsFile) throws SyscallException {
    int fd = open(nsFile);
    try {
      setns(fd);
    } finally {
      close(fd);
    }
  }

  /** A descriptor of the file, for {@link #close}. */
  public static int open(Path path) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment name = arena.allocateFrom(path.toString());
      int fd = (int) OPEN.invokeExact(state, name, O_RDONLY_CLOEXEC);
      return (int) checked("open " + path, fd, state);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  private static void setns(int fd) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) SETNS.invokeExact(state, fd, CLONE_NEWNET);
      checked("setns", result, state);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /** A NETLINK_ROUTE socket, which stays in the namespace of the thread that makes it. */
  static int routeSocket() throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int fd = (int) SOCKET.invokeExact(state, AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
      return (int) checked("socket(AF_NETLINK)", fd, state);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /** net_cookie of a socket's namespace (net/core/sock.c); 0 before 5.14, which does not tell. */
  static long netnsCookie(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment cookie = arena.allocate(JAVA_LONG);
      MemorySegment bytes = arena.allocateFrom(JAVA_INT, Long.BYTES);
      int result =
          (int) GETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, bytes);
      return result == 0 ? cookie.get(JAVA_LONG, 0) : 0;
    } catch (Throwable t) {
      throw new IllegalStateException("getsockopt cannot be called", t);
    }
  }

  static void send(int fd, byte[] message) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      long sent = (long) SEND.invokeExact(state, fd, bytes, (long) message.length, 0);
      checked("send to netlink", sent, state);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /**
   * Receives one datagram into a direct buffer from its start on. Returns the datagram's length,
   * which is greater than the buffer's capacity where it was cut off.
   */
  static long receive(int fd, ByteBuffer into) throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment bytes = MemorySegment.ofBuffer(into.clear());
      long length = (long) RECV.invokeExact(state, fd, bytes, bytes.byteSize(), MSG_TRUNC);
      return checked("receive from netlink", length, state);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  // Linux frees the descriptor whatever close returns (close(2)), so there is nothing to do then.
  public static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      var _ = (int) CLOSE.invokeExact(arena.allocate(STATE), fd);
    } catch (Throwable t) {
      throw new IllegalStateException("close cannot be called", t);
    }
  }

  private static long checked(String call, long result, MemorySegment state)
      throws SyscallException {
    if (result < 0) {
      throw new SyscallException(call, (int) ERRNO_OF_STATE.get(state, 0L));
    }
    return result;
  }

  // invokeExact declares Throwable; what comes is ours, or says that the call cannot be made.
  private static SyscallException rethrown(Throwable t) {
    return switch (t) {
      case SyscallException failed -> failed;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      default -> throw new IllegalStateException("a native call failed", t);
    };
  }
}
