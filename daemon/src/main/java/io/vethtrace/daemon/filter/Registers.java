package io.vethtrace.daemon.filter;

/**
 * The registers of a translated filter. A call keeps registers 6 to 9
 * (Documentation/bpf/classic_vs_extended.rst).
 */
final class Registers {
  static final int RESULT = 0;
  static final int ARGUMENT_1 = 1;
  static final int ARGUMENT_2 = 2;
  static final int ARGUMENT_3 = 3;

  /** Free between calls. */
  static final int SCRATCH = 1;

  /** Address of the {@code struct vt_frame}. */
  static final int FRAME = 6;

  static final int A = 7;
  static final int X = 8;

  /** {@code vt_frame.captured}. */
  static final int CAPTURED = 9;

  static final int STACK = 10;

  /** The sixteen words of classic BPF's memory, below the stack's top. */
  static final int MEMORY = -ClassicCode.MEMORY_WORDS * Integer.BYTES;

  /** The result of a call that read the frame, below the words of memory. */
  static final int READ = MEMORY - Long.BYTES;

  private Registers() {}
}
