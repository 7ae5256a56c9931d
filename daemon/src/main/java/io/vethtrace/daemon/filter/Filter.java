package io.vethtrace.daemon.filter;

/** A filter in tcpdump's language, compiled. */
public final class Filter {
  /**
   * The number of eBPF instructions that {@code vt_pcap_filter} has room for: the {@code .rept} of
   * {@code bpf/trace_filter.h}, and the instruction before it.
   */
  public static final int ROOM = 2049;

  private final String expression;
  private final ClassicProgram classic;
  private final byte[] translation;

  private Filter(String expression, ClassicProgram classic, byte[] translation) {
    this.expression = expression;
    this.classic = classic;
    this.translation = translation;
  }

  /** The result of compiling an expression. */
  public sealed interface Compilation {
    record Compiled(Filter filter) implements Compilation {}

    /** {@code sentence} says which expression and why, in libpcap's words where they are its. */
    record Refused(String sentence) implements Compilation {}
  }

  /** Has libpcap compile an expression and translates what it makes. */
  public static Compilation compile(String expression) {
    return switch (Libpcap.compile(expression)) {
      case Libpcap.Answer.Program(ClassicProgram classic) -> translated(expression, classic);
      case Libpcap.Answer.Refusal(String why) -> refused(expression, why);
    };
  }

  private static Compilation translated(String expression, ClassicProgram classic) {
    try {
      byte[] translation = Translation.of(classic);
      int length = translation.length / EbpfCode.INSTRUCTION_BYTES;
      return length > ROOM
          ? refused(
              expression,
              "it is too long: %d eBPF instructions, of which %d fit".formatted(length, ROOM))
          : new Compilation.Compiled(new Filter(expression, classic, translation));
    } catch (FilterTranslationException e) {
      return refused(expression, String.valueOf(e.getMessage()));
    }
  }

  private static Compilation refused(String expression, String why) {
    return new Compilation.Refused("no filter: '%s': %s".formatted(expression, why));
  }

  /** Returns the expression as it was written. */
  public String expression() {
    return expression;
  }

  /**
   * Returns true if the filter matches a frame.
   *
   * @param captured its first bytes, from the Ethernet header on; what is not there matches nothing
   * @param lengthBytes how long it is on the wire
   */
  public boolean matches(byte[] captured, int lengthBytes) {
    return classic.matches(captured, lengthBytes);
  }

  /** Returns true if the filter reads the length of a frame. */
  public boolean asksLength() {
    return classic.instructions().stream().anyMatch(ClassicInstruction::loadsLength);
  }

  /** The body of {@code vt_pcap_filter}, in eBPF instructions. */
  public byte[] translation() {
    return translation.clone();
  }
}
