package io.vethtrace.daemon.capture.file;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers blocks of a pcapng section (draft-ietf-opsawg-pcapng, 4). Times are in nanoseconds since
 * 1970 UTC. For one thread.
 */
public final class PcapngWriter {
  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;

  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  private static final long LENGTH_NOT_SAID = -1;

  private static final int COMMENT = 1;
  private static final int SHB_OS = 3;
  private static final int SHB_USERAPPL = 4;
  private static final int IF_NAME = 2;
  private static final int IF_DESCRIPTION = 3;
  private static final int IF_TSRESOL = 9;
  private static final int IF_FILTER = 11;
  private static final int EPB_FLAGS = 2;
  private static final int EPB_PACKETID = 5;
  private static final int ISB_IFRECV = 4;
  private static final int ISB_IFDROP = 5;

  private static final byte NANOSECONDS = 9;
  private static final String FILTER_IS_TEXT = "\0";

  /** Most frames have one of few comments. */
  private static final int MAX_ENCODED = 4096;

  private final PcapngBlockWriter writer = new PcapngBlockWriter();
  private final Map<String, byte[]> encoded = new HashMap<>();

  /** Begins a section, whose interfaces count from 0. */
  public PcapngWriter section(String os, String application) {
    writer
        .begin(SECTION_HEADER)
        .u32(BYTE_ORDER_MAGIC)
        .u16(1)
        .u16(0)
        .u64(LENGTH_NOT_SAID)
        .option(SHB_OS, os)
        .option(SHB_USERAPPL, application)
        .end();
    return this;
  }

  /** {@code filter} is what the frames were chosen by; empty for none. */
  public PcapngWriter interfaceDescription(CaptureInterface described, String filter) {
    writer
        .begin(INTERFACE_DESCRIPTION)
        .u16(described.linkType())
        .u16(0)
        .u32(described.snapLenBytes())
        .option(IF_NAME, described.name())
        .option(IF_DESCRIPTION, described.description())
        .option(IF_TSRESOL, new byte[] {NANOSECONDS});
    if (!filter.isEmpty()) {
      writer.option(IF_FILTER, FILTER_IS_TEXT + filter);
    }
    writer.end();
    return this;
  }

  /**
   * A frame.
   *
   * @param interfaceId the number of the interface in the section
   * @param packetId the id of the packet, the same on every interface; 0 if unknown
   * @param comments the comments on the frame
   */
  @SuppressWarnings("EnumOrdinal") // it is the file's value
  public PcapngWriter frame(
      int interfaceId, CapturedFrame frame, long packetId, List<String> comments) {
    writer
        .begin(ENHANCED_PACKET)
        .u32(interfaceId)
        .time(frame.unixNs())
        .u32(frame.bytes().length)
        .u32(Math.max(frame.lengthBytes(), frame.bytes().length))
        .padded(frame.bytes())
        .option32(EPB_FLAGS, frame.direction().ordinal());
    if (packetId != 0) {
      writer.option64(EPB_PACKETID, packetId);
    }
    for (String comment : comments) {
      writer.option(COMMENT, encoded(comment));
    }
    writer.end();
    return this;
  }

  private byte[] encoded(String comment) {
    if (encoded.size() > MAX_ENCODED) {
      encoded.clear();
    }
    return encoded.computeIfAbsent(comment, text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the number of frames that the tap of an interface received, and the number that the
   * kernel had no room for.
   */
  public PcapngWriter statistics(int interfaceId, long unixNs, long received, long dropped) {
    writer
        .begin(INTERFACE_STATISTICS)
        .u32(interfaceId)
        .time(unixNs)
        .option64(ISB_IFRECV, received)
        .option64(ISB_IFDROP, dropped)
        .end();
    return this;
  }

  /** Bytes of all blocks so far. */
  public int size() {
    return writer.size();
  }

  /** The blocks so far; goes on without them. */
  public byte[] take() {
    return writer.take();
  }
}
