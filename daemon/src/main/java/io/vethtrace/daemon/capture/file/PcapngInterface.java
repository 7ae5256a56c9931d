package io.vethtrace.daemon.capture.file;

import java.io.IOException;

/**
 * An interface of a section (draft-ietf-opsawg-pcapng 4.2).
 *
 * @param from the interface as frames name it
 * @param scale the unit of its timestamps
 */
record PcapngInterface(CaptureInterface from, TimeScale scale) {
  private static final int NAME = 2;
  private static final int DESCRIPTION = 3;
  private static final int TIME_RESOLUTION = 9;
  private static final int TIME_OFFSET = 14;

  /** Longer ones are no names; a file must not fill the memory with them. */
  private static final int MAX_TEXT_BYTES = 256;

  private static final int FIXED_BYTES = 8;

  /** Reads the body of its block. */
  static PcapngInterface read(PcapngBlock block, String fileName)
      throws IOException, MalformedCaptureException {
    block.need(FIXED_BYTES);
    int linkType = block.u16();
    block.u16(); // reserved
    int snapLenBytes = Math.max(0, block.i32());
    Options options = new Options(block, fileName);
    block.options(options);
    return new PcapngInterface(
        new CaptureInterface(options.name, options.description, linkType, snapLenBytes),
        options.scale);
  }

  private static final class Options implements PcapngBlock.OptionSink {
    private final PcapngBlock block;
    private String name;
    private String description = "";
    private TimeScale scale = TimeScale.DEFAULT;

    Options(PcapngBlock block, String fileName) {
      this.block = block;
      this.name = fileName;
    }

    @Override
    public void option(int code, int lengthBytes) throws IOException, MalformedCaptureException {
      switch (code) {
        case NAME -> name = block.text(lengthBytes, MAX_TEXT_BYTES);
        case DESCRIPTION -> description = block.text(lengthBytes, MAX_TEXT_BYTES);
        case TIME_RESOLUTION -> {
          block.require("if_tsresol", lengthBytes, 1);
          scale = scale.withResolution(block.u8());
        }
        case TIME_OFFSET -> {
          block.require("if_tsoffset", lengthBytes, Long.BYTES);
          scale = scale.withOffset(block.i64());
        }
        default -> {} // not needed here
      }
    }
  }
}
