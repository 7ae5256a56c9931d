package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** One datagram to a Unix socket, of which Java has no kind (JEP 380 has streams alone). */
public final class UnixDatagram {
  private static final short AF_UNIX = 1; // include/linux/socket.h
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000; // include/linux/net.h
  private static final int MSG_NOSIGNAL = 0x4000; // include/linux/socket.h

  /** {@code struct sockaddr_un}, include/uapi/linux/un.h: the family and 108 bytes of path. */
  private static final int PATH_OFFSET = 2;

  private static final int PATH_BYTES = 108;

  private UnixDatagram() {}

  /**
   * Sends {@code text} to the socket at {@code path}, which in the abstract namespace begins
   * with @.
   *
   * @throws BpfException where nobody takes it
   * @throws IllegalArgumentException where the path is too long to be one
   */
  public static void send(String path, String text) {
    PosixCLibrary libc = Libbpf.load().libc();
    int fd = check("socket(AF_UNIX)", libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = bytes(text, arena);
      MemorySegment address = address(bytes(path, arena), arena);
      long sent =
          libc.sendto(fd, bytes, bytes.byteSize(), MSG_NOSIGNAL, address, (int) address.byteSize());
      check("sendto " + path, (int) sent);
    } finally {
      libc.close(fd);
    }
  }

  private static MemorySegment address(MemorySegment name, Arena arena) {
    if (name.byteSize() == 0 || name.byteSize() >= PATH_BYTES) {
      throw new IllegalArgumentException(
          "a socket's path has 1 to %d bytes: %d".formatted(PATH_BYTES - 1, name.byteSize()));
    }
    MemorySegment address = arena.allocate(PATH_OFFSET + name.byteSize(), JAVA_SHORT.byteSize());
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, PATH_OFFSET, name.byteSize());
    if (address.get(JAVA_BYTE, PATH_OFFSET) == '@') {
      address.set(JAVA_BYTE, PATH_OFFSET, (byte) 0);
    }
    return address;
  }

  private static MemorySegment bytes(String text, Arena arena) {
    return arena.allocateFrom(JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
  }

  private static int check(String operation, int result) {
    if (result < 0) {
      throw new BpfException(operation, NativeSymbols.errno(), "", "");
    }
    return result;
  }
}
