package io.vethtrace.daemon.kernel.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks rtnetlink for all objects of a kind, or for one thing, in the namespace of the thread that
 * made it (rtnetlink (7)).
 *
 * <pre>
 * struct nlmsghdr   include/uapi/linux/netlink.h (6.18)
 *   0 len   4 type (u16)   6 flags (u16)   8 seq   12 pid
 * </pre>
 */
public final class RtnetlinkSocket implements AutoCloseable {
  public static final int RTM_NEWLINK = 16; // linux/rtnetlink.h
  public static final int RTM_GETLINK = 18;
  public static final int RTM_NEWADDR = 20;
  public static final int RTM_GETADDR = 22;
  public static final int RTM_NEWROUTE = 24;
  public static final int RTM_GETROUTE = 26;
  public static final int RTM_NEWNEIGH = 28;
  public static final int RTM_GETNEIGH = 30;
  public static final int RTM_NEWRULE = 32;
  public static final int RTM_GETRULE = 34;
  public static final int RTM_NEWQDISC = 36;
  public static final int RTM_GETQDISC = 38;
  public static final int RTM_NEWTFILTER = 44;
  public static final int RTM_GETTFILTER = 46;
  public static final int RTM_NEWNSID = 88;
  public static final int RTM_GETNSID = 90;

  private static final int HEADER_BYTES = 16;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_REQUEST = 1;
  private static final int NLM_F_REQUEST_DUMP = 0x301;
  private static final int NLM_F_DUMP_INTR = 0x10;
  // The kernel fills up to 32 KiB for a reader that takes as much (netlink_dump, af_netlink.c).
  private static final int RECEIVE_BYTES = 1 << 16;
  private static final int MAX_ATTEMPTS = 5;

  private final int fd;
  private final ByteBuffer received = ByteBuffer.allocateDirect(RECEIVE_BYTES);
  private int seq;

  public RtnetlinkSocket() throws IOException {
    fd = NetnsSyscalls.routeSocket();
  }

  /**
   * The payloads of all messages of {@code type} that answer a dump {@code request}. When objects
   * changed meanwhile the kernel says so, and the dump is made again.
   *
   * @param payloadBytes size of the struct that such a request carries, all zero
   */
  public List<ByteBuffer> dump(int request, int type, int payloadBytes) throws IOException {
    return dump(request, type, new byte[payloadBytes]);
  }

  /** Sends a dump request with this struct and these attributes, and returns all answers. */
  public List<ByteBuffer> dump(int request, int type, byte[] payload) throws IOException {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Optional<List<ByteBuffer>> messages = dumpOnce(request, type, payload);
      if (messages.isPresent()) {
        return messages.get();
      }
    }
    throw new IOException("the namespace changed during each of " + MAX_ATTEMPTS + " dumps");
  }

  /** The payload of the one message of {@code type} that answers a request for one object. */
  public Optional<ByteBuffer> ask(int request, int type, byte[] payload) throws IOException {
    NetnsSyscalls.send(fd, request(request, NLM_F_REQUEST, payload));
    Dump answer = new Dump(seq, type);
    answer.take(copy((int) NetnsSyscalls.receive(fd, received)));
    return answer.messages.stream().findFirst();
  }

  /**
   * Returns the cookie of this namespace, which no other namespace gets until the next boot; 0 if
   * the kernel does not report it.
   */
  public long cookie() {
    return NetnsSyscalls.netnsCookie(fd);
  }

  private Optional<List<ByteBuffer>> dumpOnce(int request, int type, byte[] payload)
      throws IOException {
    NetnsSyscalls.send(fd, request(request, NLM_F_REQUEST_DUMP, payload));
    Dump dump = new Dump(seq, type);
    while (!dump.done) {
      long length = NetnsSyscalls.receive(fd, received);
      if (length > RECEIVE_BYTES) {
        throw new IOException("netlink sent " + length + " bytes at once");
      }
      dump.take(copy((int) length));
    }
    return dump.consistent ? Optional.of(dump.messages) : Optional.empty();
  }

  private byte[] request(int request, int flags, byte[] payload) {
    byte[] message = new byte[HEADER_BYTES + payload.length];
    ByteBuffer.wrap(message)
        .order(ByteOrder.nativeOrder())
        .putInt(message.length)
        .putShort((short) request)
        .putShort((short) flags)
        .putInt(++seq)
        .putInt(0)
        .put(payload);
    return message;
  }

  private ByteBuffer copy(int lengthBytes) {
    return ByteBuffer.allocate(lengthBytes)
        .put(received.slice(0, lengthBytes))
        .flip()
        .order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    NetnsSyscalls.close(fd);
  }

  private static final class Dump {
    private final int seq;
    private final int type;
    private final List<ByteBuffer> messages = new ArrayList<>();
    private boolean consistent = true;
    private boolean done;

    Dump(int seq, int type) {
      this.seq = seq;
      this.type = type;
    }

    void take(ByteBuffer datagram) throws IOException {
      int at = 0;
      while (!done && at + HEADER_BYTES <= datagram.limit()) {
        int length = datagram.getInt(at);
        if (length < HEADER_BYTES || length > datagram.limit() - at) {
          throw new IOException("netlink sent a message of length=" + length);
        }
        if (datagram.getInt(at + 8) == seq) {
          takeMessage(datagram, at, length);
        }
        at += length + 3 & ~3; // NLMSG_ALIGN
      }
    }

    private void takeMessage(ByteBuffer datagram, int at, int length) throws IOException {
      int messageType = datagram.getShort(at + 4) & 0xffff;
      consistent &= (datagram.getShort(at + 6) & NLM_F_DUMP_INTR) == 0;
      if (messageType == NLMSG_ERROR) {
        throw new SyscallException("netlink", -datagram.getInt(at + HEADER_BYTES));
      }
      done = messageType == NLMSG_DONE;
      if (messageType == type) {
        messages.add(
            datagram
                .slice(at + HEADER_BYTES, length - HEADER_BYTES)
                .order(ByteOrder.nativeOrder()));
      }
    }
  }
}
