package io.vethtrace.daemon.filter;

/**
 * {@code struct bpf_insn} of libpcap's pcap/bpf.h.
 *
 * @param code class, size, mode, operation and source, as {@link ClassicCode} takes them apart
 * @param jt how many instructions to skip where a condition holds
 * @param jf and where it does not
 * @param k the constant, unsigned
 */
record ClassicInstruction(int code, int jt, int jf, int k) {
  int type() {
    return code & 0x07;
  }

  /** Returns the operation of an arithmetic instruction or a jump. */
  int operation() {
    return code & 0xf0;
  }

  /** Returns true if the operand is X, false if it is k. */
  boolean takesX() {
    return (code & ClassicCode.X) != 0;
  }

  /** Returns the addressing mode of a load. */
  int mode() {
    return code & 0xe0;
  }

  boolean loadsLength() {
    return type() <= ClassicCode.LDX && mode() == ClassicCode.LEN;
  }

  /** Returns the number of bytes that a load takes from the frame. */
  int sizeBytes() {
    return switch (code & 0x18) {
      case ClassicCode.W -> 4;
      case ClassicCode.H -> 2;
      case ClassicCode.B -> 1;
      default -> throw unknown();
    };
  }

  /** k as the number that it is. */
  long unsignedK() {
    return Integer.toUnsignedLong(k);
  }

  FilterTranslationException unknown() {
    return new FilterTranslationException("classic BPF has no instruction 0x%x".formatted(code));
  }
}
