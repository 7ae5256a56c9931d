package io.vethtrace.daemon.filter;

import java.util.List;

/**
 * One run of a classic program over one frame, with the answers of libpcap's own interpreter
 * (bpf_filter.c, 1.10): a load that the captured bytes do not hold whole, and a division by zero,
 * reject.
 */
final class ClassicMachine {
  private static final int ACCEPT = 1;
  private static final int REJECT = 0;

  private final byte[] frame;
  private final int lengthBytes;
  private final int[] memory = new int[ClassicCode.MEMORY_WORDS];
  private int a;
  private int x;
  private boolean rejected;

  ClassicMachine(byte[] frame, int lengthBytes) {
    this.frame = frame;
    this.lengthBytes = lengthBytes;
  }

  boolean run(List<ClassicInstruction> program) {
    int at = 0;
    while (!rejected) {
      ClassicInstruction now = program.get(at);
      if (now.type() == ClassicCode.RET) {
        return returned(now) != REJECT;
      }
      at += 1 + step(now);
    }
    return false;
  }

  private int returned(ClassicInstruction now) {
    return (now.code() & 0x18) == ClassicCode.RET_A ? a : now.k() == 0 ? REJECT : ACCEPT;
  }

  /** Does one instruction; the result is how many to skip. */
  private int step(ClassicInstruction now) {
    switch (now.type()) {
      case ClassicCode.LD -> a = load(now);
      case ClassicCode.LDX -> x = load(now);
      case ClassicCode.ST -> memory[now.k()] = a;
      case ClassicCode.STX -> memory[now.k()] = x;
      case ClassicCode.ALU -> a = compute(now);
      case ClassicCode.MISC -> transfer(now);
      default -> {
        return skipped(now);
      }
    }
    return 0;
  }

  private void transfer(ClassicInstruction now) {
    if ((now.code() & 0xf8) == ClassicCode.TXA) {
      a = x;
    } else {
      x = a;
    }
  }

  private int load(ClassicInstruction now) {
    return switch (now.mode()) {
      case ClassicCode.IMM -> now.k();
      case ClassicCode.MEM -> memory[now.k()];
      case ClassicCode.LEN -> lengthBytes;
      case ClassicCode.ABS -> bytes(now.unsignedK(), now.sizeBytes());
      case ClassicCode.IND -> bytes(Integer.toUnsignedLong(x) + now.unsignedK(), now.sizeBytes());
      case ClassicCode.MSH -> (bytes(now.unsignedK(), 1) & 0xf) << 2;
      default -> throw now.unknown();
    };
  }

  private int bytes(long at, int count) {
    if (at + count > frame.length) {
      rejected = true;
      return 0;
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (frame[(int) at + i] & 0xff);
    }
    return value;
  }

  private int compute(ClassicInstruction now) {
    int operand = now.takesX() ? x : now.k();
    return switch (now.operation()) {
      case ClassicCode.ADD -> a + operand;
      case ClassicCode.SUB -> a - operand;
      case ClassicCode.MUL -> a * operand;
      case ClassicCode.DIV -> isDivisor(operand) ? Integer.divideUnsigned(a, operand) : 0;
      case ClassicCode.MOD -> isDivisor(operand) ? Integer.remainderUnsigned(a, operand) : 0;
      case ClassicCode.OR -> a | operand;
      case ClassicCode.AND -> a & operand;
      case ClassicCode.XOR -> a ^ operand;
      case ClassicCode.LSH -> isShift(operand) ? a << operand : 0;
      case ClassicCode.RSH -> isShift(operand) ? a >>> operand : 0;
      case ClassicCode.NEG -> -a;
      default -> throw now.unknown();
    };
  }

  private boolean isDivisor(int operand) {
    rejected |= operand == 0;
    return operand != 0;
  }

  private static boolean isShift(int operand) {
    return Integer.compareUnsigned(operand, Integer.SIZE) < 0;
  }

  private int skipped(ClassicInstruction now) {
    int operand = now.takesX() ? x : now.k();
    return switch (now.operation()) {
      case ClassicCode.JA -> now.k();
      case ClassicCode.JEQ -> skip(now, a == operand);
      case ClassicCode.JGT -> skip(now, Integer.compareUnsigned(a, operand) > 0);
      case ClassicCode.JGE -> skip(now, Integer.compareUnsigned(a, operand) >= 0);
      case ClassicCode.JSET -> skip(now, (a & operand) != 0);
      default -> throw now.unknown();
    };
  }

  private static int skip(ClassicInstruction now, boolean holds) {
    return holds ? now.jt() : now.jf();
  }
}
