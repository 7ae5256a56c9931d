package io.vethtrace.daemon.filter;

import java.util.List;

/** A program of classic BPF, as libpcap makes it. */
record ClassicProgram(List<ClassicInstruction> instructions) {
  ClassicProgram {
    instructions = List.copyOf(instructions);
  }

  /**
   * Returns true if the program accepts this frame, of which {@code captured} contains the first
   * bytes.
   */
  boolean matches(byte[] captured, int lengthBytes) {
    return new ClassicMachine(captured, lengthBytes).run(instructions);
  }
}
