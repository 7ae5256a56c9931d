package io.vethtrace.daemon.filter;

import io.vethtrace.daemon.filter.EbpfCode.Label;

/**
 * Loads from the frame: from its head on the stack, which the verifier follows, where the offset is
 * known, else by a call. What was not captured rejects.
 */
final class FrameLoads {
  /**
   * {@code SKF_AD_OFF} (linux/filter.h): behind it is what Linux knows of a packet, not its bytes.
   */
  private static final long ANCILLARY = 0xfffff000L;

  private final EbpfCode code;
  private final Label reject;

  FrameLoads(EbpfCode code, Label reject) {
    this.code = code;
    this.reject = reject;
  }

  /** {@code ld [k]}. */
  void absolute(int register, long k, int count) {
    if (k >= ANCILLARY) {
      throw new FilterTranslationException(
          "it asks for what is not in the frame, such as its direction");
    }
    if (k + count > Integer.MAX_VALUE) {
      code.jump(Ebpf.IF_GREATER_OR_EQUAL, Registers.CAPTURED, 0, 0, reject); // always
      return;
    }
    code.jump(Ebpf.IF_LESS, Registers.CAPTURED, 0, (int) k + count, reject);
    if (k + count <= FrameLayout.HEAD_BYTES) {
      fromHead(register, FrameLayout.HEAD + (int) k, count);
    } else {
      code.emit(Ebpf.LOAD_64, Registers.ARGUMENT_3, Registers.FRAME, FrameLayout.BASE, 0);
      code.emit(Ebpf.ADD, Registers.ARGUMENT_3, 0, 0, (int) k);
      call(register, count);
    }
  }

  /**
   * {@code ld [x + k]}. The sum is one of 64 bits, which does not wrap round; in libpcap one that
   * would rejects.
   */
  void indexed(int register, long k, int count) {
    Label behind = EbpfCode.label();
    Label read = EbpfCode.label();
    sum(k);
    code.emit(Ebpf.MOV_REGISTER, Registers.ARGUMENT_3, Registers.SCRATCH, 0, 0);
    code.emit(Ebpf.ADD, Registers.ARGUMENT_3, 0, 0, count);
    code.jump(Ebpf.IF_GREATER_REGISTER, Registers.ARGUMENT_3, Registers.CAPTURED, 0, reject);
    code.jump(Ebpf.IF_GREATER, Registers.SCRATCH, 0, FrameLayout.HEAD_BYTES - count, behind);
    code.emit(Ebpf.MOV_REGISTER, Registers.ARGUMENT_3, Registers.FRAME, 0, 0);
    code.emit(Ebpf.ADD, Registers.ARGUMENT_3, 0, 0, FrameLayout.HEAD);
    code.jump(Ebpf.GOTO, 0, 0, 0, read);
    code.place(behind);
    code.emit(Ebpf.LOAD_64, Registers.ARGUMENT_3, Registers.FRAME, FrameLayout.BASE, 0);
    code.place(read);
    code.emit(Ebpf.ADD_REGISTER, Registers.ARGUMENT_3, Registers.SCRATCH, 0, 0);
    call(register, count);
  }

  private void sum(long k) {
    code.emit(Ebpf.MOV32, Registers.SCRATCH, 0, 0, (int) k);
    code.emit(Ebpf.ADD_REGISTER, Registers.SCRATCH, Registers.X, 0, 0);
  }

  /** {@code ldx 4*([k]&0xf)}: the length of an IPv4 header. */
  void headerLength(int register, long k) {
    absolute(register, k, 1);
    code.emit(Ebpf.AND32, register, 0, 0, 0xf);
    code.emit(Ebpf.LSH32, register, 0, 0, 2);
  }

  /** Reads an unaligned value in pieces: the verifier allows no other way to read the stack. */
  private void fromHead(int register, int at, int count) {
    int piece = at % count == 0 ? count : at % 2 == 0 ? 2 : 1;
    bigEndian(register, Registers.FRAME, at, piece);
    for (int done = piece; done < count; done += piece) {
      bigEndian(Registers.SCRATCH, Registers.FRAME, at + done, piece);
      code.emit(Ebpf.LSH32, register, 0, 0, piece * Byte.SIZE);
      code.emit(Ebpf.OR32_REGISTER, register, Registers.SCRATCH, 0, 0);
    }
  }

  private void bigEndian(int register, int from, int at, int count) {
    int load = count == 4 ? Ebpf.LOAD_32 : count == 2 ? Ebpf.LOAD_16 : Ebpf.LOAD_8;
    code.emit(load, register, from, at, 0);
    if (count > 1) {
      code.emit(Ebpf.TO_BIG_ENDIAN, register, 0, 0, count * Byte.SIZE);
    }
  }

  /** Reads what the third argument points to. */
  private void call(int register, int count) {
    code.emit(Ebpf.MOV_REGISTER, Registers.ARGUMENT_1, Registers.STACK, 0, 0);
    code.emit(Ebpf.ADD, Registers.ARGUMENT_1, 0, 0, Registers.READ);
    code.emit(Ebpf.MOV, Registers.ARGUMENT_2, 0, 0, count);
    code.emit(Ebpf.CALL, 0, 0, 0, Ebpf.PROBE_READ_KERNEL);
    code.jump(Ebpf.IF_NOT_EQUAL, Registers.RESULT, 0, 0, reject);
    bigEndian(register, Registers.STACK, Registers.READ, count);
  }
}
