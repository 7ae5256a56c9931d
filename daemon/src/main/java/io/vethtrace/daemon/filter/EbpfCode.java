package io.vethtrace.daemon.filter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * eBPF instructions as they are written down, eight bytes each: code, registers, offset, constant
 * (Documentation/bpf/standardization/instruction-set.rst). Offsets of jumps are filled in at the
 * end.
 */
final class EbpfCode {
  static final int INSTRUCTION_BYTES = 8;

  /** A place in the code, which may be jumped to before it is known. */
  static final class Label {
    private int at = -1;
    private boolean used;

    private Label() {}

    boolean isUsed() {
      return used;
    }
  }

  private record Instruction(int code, int dst, int src, int offset, int imm, Label target) {}

  private static final Label NONE = new Label();

  private final List<Instruction> instructions = new ArrayList<>();

  static Label label() {
    return new Label();
  }

  void place(Label label) {
    label.at = instructions.size();
  }

  void emit(int code, int dst, int src, int offset, int imm) {
    instructions.add(new Instruction(code, dst, src, offset, imm, NONE));
  }

  void jump(int code, int dst, int src, int imm, Label target) {
    target.used = true;
    instructions.add(new Instruction(code, dst, src, 0, imm, target));
  }

  int size() {
    return instructions.size();
  }

  byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < size(); at++) {
      Instruction now = instructions.get(at);
      int offset = now.target() == NONE ? now.offset() : now.target().at - at - 1;
      bytes
          .put((byte) now.code())
          .put((byte) (now.src() << 4 | now.dst()))
          .putShort((short) offset)
          .putInt(now.imm());
    }
    return bytes.array();
  }
}
