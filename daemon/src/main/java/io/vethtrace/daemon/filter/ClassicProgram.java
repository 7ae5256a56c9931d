package io.vethtrace.daemon.filter;

import java.util.List;

/** A program of classic BPF, as libpcap makes it. */
record ClassicProgram(List<ClassicInstruction> instructions) {
  ClassicProgram {
    instructions = List.copyOf(instructions);
  }

  /** Whether it takes this frame, of which {@code captured} holds the first bytes. */
  boolean matches(byte[] captured, int lengthBytes) {
    return new ClassicMachine(captured, lengthBytes).run(instructions);
  }
}
