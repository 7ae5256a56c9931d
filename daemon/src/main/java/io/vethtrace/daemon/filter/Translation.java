package io.vethtrace.daemon.filter;

import io.vethtrace.daemon.filter.EbpfCode.Label;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Classic BPF to eBPF: the body of {@code vt_pcap_filter} in {@code bpf/trace_filter.h}, which gets
 * a {@code struct vt_frame} and returns 1 or 0. Not the kernel's own translation
 * (net/core/filter.c, bpf_convert_filter), because that loads from a socket's skb, which tracing
 * programs have none of.
 *
 * <p>Classic programs only jump forward, so there are no loops, and the verifier has as many paths
 * to walk as the filter has. All arithmetic is on 32 bits, as in classic BPF.
 */
final class Translation {
  private final ClassicProgram program;
  private final EbpfCode code = new EbpfCode();
  private final Label accept = EbpfCode.label();
  private final Label reject = EbpfCode.label();
  private final Label end = EbpfCode.label();
  private final List<Label> places;
  private final FrameLoads loads = new FrameLoads(code, reject);

  private Translation(ClassicProgram program) {
    this.program = program;
    places =
        IntStream.range(0, program.instructions().size()).mapToObj(_ -> EbpfCode.label()).toList();
  }

  /**
   * The instructions.
   *
   * @throws FilterTranslationException where the program is none that libpcap makes
   */
  static byte[] of(ClassicProgram program) {
    Translation translation = new Translation(program);
    translation.begin();
    for (int at = 0; at < program.instructions().size(); at++) {
      translation.code.place(translation.places.get(at));
      translation.translate(at, program.instructions().get(at));
    }
    translation.end();
    return translation.code.bytes();
  }

  /**
   * Begins with a jump to the end that is never taken. The code behind the filter must be reachable
   * (kernel/bpf/verifier.c, check_cfg); as the condition is constant, the verifier does not follow
   * the jump and removes the dead code.
   */
  private void begin() {
    code.emit(Ebpf.MOV, Registers.RESULT, 0, 0, 0);
    code.jump(Ebpf.IF_NOT_EQUAL, Registers.RESULT, 0, 0, end);
    code.emit(Ebpf.MOV_REGISTER, Registers.FRAME, Registers.ARGUMENT_1, 0, 0);
    code.emit(Ebpf.MOV, Registers.A, 0, 0, 0);
    code.emit(Ebpf.MOV, Registers.X, 0, 0, 0);
    code.emit(Ebpf.LOAD_32, Registers.CAPTURED, Registers.FRAME, FrameLayout.CAPTURED, 0);
    program.instructions().stream()
        .filter(now -> now.type() == ClassicCode.ST || now.type() == ClassicCode.STX)
        .mapToInt(Translation::slot)
        .distinct()
        .forEach(slot -> code.emit(Ebpf.STORE_32, Registers.STACK, 0, slot, 0));
  }

  private void end() {
    result(accept, 1);
    result(reject, 0);
    code.place(end);
  }

  private void result(Label label, int value) {
    if (label.isUsed()) {
      code.place(label);
      code.emit(Ebpf.MOV, Registers.RESULT, 0, 0, value);
      code.emit(Ebpf.EXIT, 0, 0, 0, 0);
    }
  }

  private void translate(int at, ClassicInstruction now) {
    switch (now.type()) {
      case ClassicCode.LD -> load(now, Registers.A);
      case ClassicCode.LDX -> load(now, Registers.X);
      case ClassicCode.ST -> store(now, Registers.A);
      case ClassicCode.STX -> store(now, Registers.X);
      case ClassicCode.ALU -> Arithmetic.translate(code, now, reject);
      case ClassicCode.JMP -> jump(at, now);
      case ClassicCode.RET -> leave(now);
      default -> transfer(now);
    }
  }

  private void load(ClassicInstruction now, int register) {
    switch (now.mode()) {
      case ClassicCode.IMM -> code.emit(Ebpf.MOV32, register, 0, 0, now.k());
      case ClassicCode.MEM -> code.emit(Ebpf.LOAD_32, register, Registers.STACK, slot(now), 0);
      case ClassicCode.LEN ->
          code.emit(Ebpf.LOAD_32, register, Registers.FRAME, FrameLayout.LEN, 0);
      case ClassicCode.ABS -> loads.absolute(register, now.unsignedK(), now.sizeBytes());
      case ClassicCode.IND -> loads.indexed(register, now.unsignedK(), now.sizeBytes());
      case ClassicCode.MSH -> loads.headerLength(register, now.unsignedK());
      default -> throw now.unknown();
    }
  }

  private void store(ClassicInstruction now, int register) {
    code.emit(Ebpf.STORE_32_REGISTER, Registers.STACK, register, slot(now), 0);
  }

  private static int slot(ClassicInstruction now) {
    if (now.k() < 0 || now.k() >= ClassicCode.MEMORY_WORDS) {
      throw now.unknown();
    }
    return Registers.MEMORY + now.k() * Integer.BYTES;
  }

  private void transfer(ClassicInstruction now) {
    switch (now.code() & 0xf8) {
      case ClassicCode.TAX -> code.emit(Ebpf.MOV32_REGISTER, Registers.X, Registers.A, 0, 0);
      case ClassicCode.TXA -> code.emit(Ebpf.MOV32_REGISTER, Registers.A, Registers.X, 0, 0);
      default -> throw now.unknown();
    }
  }

  private void leave(ClassicInstruction now) {
    if ((now.code() & 0x18) == ClassicCode.RET_A) {
      code.jump(Ebpf.IF_NOT_EQUAL, Registers.A, 0, 0, accept);
      code.jump(Ebpf.GOTO, 0, 0, 0, reject);
    } else {
      code.jump(Ebpf.GOTO, 0, 0, 0, now.k() == 0 ? reject : accept);
    }
  }

  private void jump(int at, ClassicInstruction now) {
    if (now.operation() == ClassicCode.JA) {
      goTo(at, now.k());
    } else if (now.jt() == 0 && now.operation() != ClassicCode.JSET) {
      condition(now, opposite(now), place(at, now.jf()));
    } else {
      condition(now, now.operation(), place(at, now.jt()));
      goTo(at, now.jf());
    }
  }

  private void goTo(int at, int skipped) {
    if (skipped < 0) {
      throw new FilterTranslationException(
          "it loops, as protochain does; name each header instead");
    }
    if (skipped != 0) {
      code.jump(Ebpf.GOTO, 0, 0, 0, place(at, skipped));
    }
  }

  private Label place(int at, int skipped) {
    return places.get(at + 1 + skipped);
  }

  private void condition(ClassicInstruction now, int operation, Label target) {
    int source = now.takesX() ? ClassicCode.X : 0;
    code.jump(
        Ebpf.JMP32 | operation | source,
        Registers.A,
        now.takesX() ? Registers.X : 0,
        now.takesX() ? 0 : now.k(),
        target);
  }

  private static int opposite(ClassicInstruction now) {
    return switch (now.operation()) {
      case ClassicCode.JEQ -> Ebpf.JNE;
      case ClassicCode.JGT -> Ebpf.JLE;
      case ClassicCode.JGE -> Ebpf.JLT;
      default -> throw now.unknown();
    };
  }
}
