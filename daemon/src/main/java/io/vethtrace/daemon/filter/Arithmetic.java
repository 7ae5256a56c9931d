package io.vethtrace.daemon.filter;

import io.vethtrace.daemon.filter.EbpfCode.Label;

/** Classic BPF's arithmetic, whose codes are those of eBPF's on 32 bits. */
final class Arithmetic {
  private Arithmetic() {}

  static void translate(EbpfCode code, ClassicInstruction now, Label reject) {
    switch (now.operation()) {
      case ClassicCode.DIV, ClassicCode.MOD -> divide(code, now, reject);
      case ClassicCode.LSH, ClassicCode.RSH -> shift(code, now);
      case ClassicCode.NEG -> code.emit(ClassicCode.ALU | ClassicCode.NEG, Registers.A, 0, 0, 0);
      case ClassicCode.ADD,
          ClassicCode.SUB,
          ClassicCode.MUL,
          ClassicCode.OR,
          ClassicCode.AND,
          ClassicCode.XOR ->
          compute(code, now);
      default -> throw now.unknown();
    }
  }

  private static void compute(EbpfCode code, ClassicInstruction now) {
    boolean x = now.takesX();
    code.emit(now.code() & 0xff, Registers.A, x ? Registers.X : 0, 0, x ? 0 : now.k());
  }

  /** eBPF has 0 for a division by zero; classic BPF rejects the frame. */
  private static void divide(EbpfCode code, ClassicInstruction now, Label reject) {
    if (now.takesX()) {
      code.jump(Ebpf.JMP32 | ClassicCode.JEQ, Registers.X, 0, 0, reject);
    } else if (now.k() == 0) {
      throw new FilterTranslationException("it divides by zero");
    }
    compute(code, now);
  }

  /** eBPF takes a shift's count modulo 32; libpcap has 0 for what is shifted out (bpf_filter.c). */
  private static void shift(EbpfCode code, ClassicInstruction now) {
    if (!now.takesX()) {
      if (now.k() < 0 || now.k() >= Integer.SIZE) {
        throw new FilterTranslationException("it shifts by more than 31 bits");
      }
      compute(code, now);
      return;
    }
    Label small = EbpfCode.label();
    Label done = EbpfCode.label();
    code.jump(Ebpf.JMP32 | Ebpf.JLT, Registers.X, 0, Integer.SIZE, small);
    code.emit(Ebpf.MOV, Registers.A, 0, 0, 0);
    code.jump(Ebpf.GOTO, 0, 0, 0, done);
    code.place(small);
    compute(code, now);
    code.place(done);
  }
}
