package io.vethtrace.daemon.capture.file;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a pcapng (draft-ietf-opsawg-pcapng): blocks, of which those of a section are in its byte
 * order and name its interfaces by their place. Blocks that are not needed here are skipped.
 */
final class PcapngReader {
  /** A palindrome: it is read before the byte order is known. */
  static final int SECTION_HEADER = 0x0a0d0d0a;

  private static final int INTERFACE = 1;
  private static final int OBSOLETE_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int ENHANCED_PACKET = 6;
  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  private static final int VERSION_MAJOR = 1;

  /** The size of type, length and byte-order magic, with which a section begins. */
  private static final int SECTION_BEGIN_BYTES = 12;

  private static final int SECTION_FIXED_BYTES = 16;
  private static final int BLOCK_BEGIN_BYTES = 8;
  private static final int PACKET_FIXED_BYTES = 20;
  private static final int SIMPLE_FIXED_BYTES = 4;

  /** epb_flags (4.3) and pack_flags (appendix A) have the same number and the same bits. */
  private static final int FLAGS = 2;

  /** opt_comment (3.5), and as much of it as is read. */
  private static final int COMMENT = 1;

  private static final int MAX_COMMENT_BYTES = 1024;

  /** A file must not fill the memory with interfaces. */
  private static final int MAX_INTERFACES = 16_384;

  private final ByteWindow window;
  private final ReadProgress progress;
  private final PcapngBlock block;
  private final String fileName;
  private final List<PcapngInterface> interfaces = new ArrayList<>();
  private FrameDirection direction = FrameDirection.UNKNOWN;
  private Optional<String> dropped = Optional.empty();
  private Optional<FindingComment> found = Optional.empty();

  PcapngReader(ByteWindow window, ReadProgress progress) {
    this.window = window;
    this.progress = progress;
    this.block = new PcapngBlock(window);
    this.fileName = PcapReader.nameOfFile(progress.file());
  }

  ReadResult read() {
    try {
      while (window.has(1)) {
        progress.next("block", window.offset());
        block();
      }
      return progress.whole();
    } catch (MalformedCaptureException e) {
      return progress.damaged(e);
    } catch (IOException e) {
      return progress.unreadable(e);
    }
  }

  private void block() throws IOException, MalformedCaptureException {
    if (!window.has(BLOCK_BEGIN_BYTES)) {
      throw MalformedCaptureException.cutOff();
    }
    int type = window.i32(0);
    progress.detail(name(type));
    if (type == SECTION_HEADER) {
      takeOrder();
    }
    block.begin(window.i32(4));
    body(type);
  }

  private void body(int type) throws IOException, MalformedCaptureException {
    switch (type) {
      case SECTION_HEADER -> section();
      case INTERFACE -> addInterface();
      case ENHANCED_PACKET, OBSOLETE_PACKET -> packet(type);
      case SIMPLE_PACKET -> simplePacket();
      default -> block.end(); // not needed here
    }
  }

  private void takeOrder() throws IOException, MalformedCaptureException {
    if (!window.has(SECTION_BEGIN_BYTES)) {
      throw MalformedCaptureException.cutOff();
    }
    window.order(ByteOrder.BIG_ENDIAN);
    int magic = window.i32(8);
    if (magic == Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
      window.order(ByteOrder.LITTLE_ENDIAN);
    } else if (magic != BYTE_ORDER_MAGIC) {
      throw MalformedCaptureException.of("0x%08x is no byte-order magic", magic);
    }
  }

  private void section() throws IOException, MalformedCaptureException {
    block.need(SECTION_FIXED_BYTES);
    block.i32(); // byte-order magic
    int major = block.u16();
    if (major != VERSION_MAJOR) {
      throw MalformedCaptureException.of("version %d.%d is not known", major, block.u16());
    }
    interfaces.clear();
    block.end();
  }

  private void addInterface() throws IOException, MalformedCaptureException {
    if (interfaces.size() == MAX_INTERFACES) {
      throw MalformedCaptureException.of("it is one interface more than %d", MAX_INTERFACES);
    }
    interfaces.add(PcapngInterface.read(block, fileName));
    block.end();
  }

  private void packet(int type) throws IOException, MalformedCaptureException {
    block.need(PACKET_FIXED_BYTES);
    PcapngInterface from = interfaceOf(type == ENHANCED_PACKET ? block.i32() : narrowId());
    long unixNs = unixNs(from, block.ticks());
    int captured = ClaimedLength.captured(block.i32());
    int lengthBytes = ClaimedLength.clamped(block.i32());
    byte[] bytes = block.frame(captured);
    direction = FrameDirection.UNKNOWN;
    dropped = Optional.empty();
    found = Optional.empty();
    block.options(this::packetOption);
    CapturedFrame frame = CapturedFrame.ofFile(from.from(), unixNs, direction, lengthBytes, bytes);
    block.end();
    if (dropped.isPresent()) {
      progress.drop(frame, dropped.get());
    } else {
      progress.frame(frame);
      found.ifPresent(progress::found);
    }
  }

  /** The obsolete block has 16 bits for it, and 16 for a count of drops (appendix A). */
  private int narrowId() {
    int id = block.u16();
    block.u16();
    return id;
  }

  private PcapngInterface interfaceOf(int id) throws MalformedCaptureException {
    if (Integer.compareUnsigned(id, interfaces.size()) >= 0) {
      throw MalformedCaptureException.of(
          "it names interface %s and its section has %d",
          Integer.toUnsignedString(id), interfaces.size());
    }
    return interfaces.get(id);
  }

  private static long unixNs(PcapngInterface from, long ticks) throws MalformedCaptureException {
    OptionalLong unixNs = from.scale().unixNs(ticks);
    if (unixNs.isEmpty()) {
      throw MalformedCaptureException.of(
          "its time, %s, is not within the years 1678 to 2262", Long.toUnsignedString(ticks));
    }
    return unixNs.getAsLong();
  }

  private void packetOption(int code, int lengthBytes)
      throws IOException, MalformedCaptureException {
    if (code == FLAGS) {
      block.require("flags", lengthBytes, Integer.BYTES);
      direction = direction(block.i32());
    } else if (code == COMMENT) {
      String comment = block.text(lengthBytes, MAX_COMMENT_BYTES);
      dropped = dropped.or(() -> UnseenDrop.what(comment));
      found = found.or(() -> FindingComment.of(comment));
    }
  }

  private static FrameDirection direction(int flags) {
    return switch (flags & 3) {
      case 1 -> FrameDirection.INBOUND;
      case 2 -> FrameDirection.OUTBOUND;
      default -> FrameDirection.UNKNOWN;
    };
  }

  /** It is of the section's first interface, and says neither its time nor what was captured. */
  private void simplePacket() throws IOException, MalformedCaptureException {
    block.need(SIMPLE_FIXED_BYTES);
    CaptureInterface from = interfaceOf(0).from();
    int lengthBytes = ClaimedLength.clamped(block.i32());
    int limit = from.snapLenBytes() == 0 ? lengthBytes : from.snapLenBytes();
    int captured = ClaimedLength.captured(Math.min(lengthBytes, limit));
    byte[] bytes = block.frame(captured);
    block.end();
    progress.frame(
        CapturedFrame.ofFile(
            from, CapturedFrame.NO_TIME, FrameDirection.UNKNOWN, lengthBytes, bytes));
  }

  private static String name(int type) {
    return switch (type) {
      case SECTION_HEADER -> "section header";
      case INTERFACE -> "interface description";
      case ENHANCED_PACKET -> "enhanced packet";
      case OBSOLETE_PACKET -> "obsolete packet";
      case SIMPLE_PACKET -> "simple packet";
      default -> "type 0x%08x".formatted(type);
    };
  }
}
