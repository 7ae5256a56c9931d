package io.vethtrace.daemon.filter;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * libpcap's compiler. Bound here and not taken from pcap4j, which shows nobody the instructions
 * (BpfProgram.getProgram, 1.8.2).
 */
final class Libpcap {
  private static final int DLT_EN10MB = 1;
  private static final int MAX_FRAME_BYTES = 65_535;
  private static final int OPTIMIZE = 1;

  /**
   * {@code PCAP_NETMASK_UNKNOWN}: {@code ip broadcast} is refused, everything else does without.
   */
  private static final int NETMASK_UNKNOWN = 0xffffffff;

  /** {@code struct bpf_program}: a u_int, and a pointer to {@code struct bpf_insn}s of 8 bytes. */
  private static final int PROGRAM_BYTES = 16;

  private static final int INSTRUCTIONS_AT = 8;
  private static final int INSTRUCTION_BYTES = 8;

  private static final String MISSING =
      "libpcap, which compiles filters, is not installed: apt install libpcap0.8, dnf install"
          + " libpcap, or your distribution's package of it";

  private Libpcap() {}

  /** The functions, with C's conventions. */
  interface PcapCLibrary extends Library {
    @Nullable Pointer pcap_open_dead(int linktype, int snaplen);

    int pcap_compile(Pointer pcap, Pointer program, String expression, int optimize, int netmask);

    String pcap_geterr(Pointer pcap);

    void pcap_freecode(Pointer program);

    void pcap_close(Pointer pcap);
  }

  sealed interface Answer {
    record Program(ClassicProgram program) implements Answer {}

    record Refusal(String words) implements Answer {}
  }

  /** Compiles an expression for Ethernet frames with libpcap. */
  static Answer compile(String expression) {
    try {
      return compile(Native.load("pcap", PcapCLibrary.class), expression);
    } catch (UnsatisfiedLinkError e) {
      return new Answer.Refusal(MISSING);
    }
  }

  private static Answer compile(PcapCLibrary c, String expression) {
    Pointer pcap = c.pcap_open_dead(DLT_EN10MB, MAX_FRAME_BYTES);
    if (pcap == null) {
      throw new IllegalStateException("pcap_open_dead: no memory");
    }
    try (Memory program = new Memory(PROGRAM_BYTES)) {
      if (c.pcap_compile(pcap, program, expression, OPTIMIZE, NETMASK_UNKNOWN) != 0) {
        return new Answer.Refusal(c.pcap_geterr(pcap));
      }
      ClassicProgram classic = read(program);
      c.pcap_freecode(program);
      return new Answer.Program(classic);
    } finally {
      c.pcap_close(pcap);
    }
  }

  private static ClassicProgram read(Pointer program) {
    Pointer instructions = program.getPointer(INSTRUCTIONS_AT);
    List<ClassicInstruction> read =
        IntStream.range(0, program.getInt(0))
            .mapToObj(i -> instruction(instructions, (long) i * INSTRUCTION_BYTES))
            .toList();
    return new ClassicProgram(read);
  }

  private static ClassicInstruction instruction(Pointer instructions, long at) {
    return new ClassicInstruction(
        instructions.getShort(at) & 0xffff,
        instructions.getByte(at + 2) & 0xff,
        instructions.getByte(at + 3) & 0xff,
        instructions.getInt(at + 4));
  }
}
