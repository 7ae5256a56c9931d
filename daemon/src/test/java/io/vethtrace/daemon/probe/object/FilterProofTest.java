package io.vethtrace.daemon.probe.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.daemon.filter.Filter;
import io.vethtrace.daemon.fixture.Expressions;
import io.vethtrace.daemon.fixture.RandomFrames;
import io.vethtrace.daemon.fixture.SeedCaptures;
import io.vethtrace.daemon.fixture.TcpdumpFilter;
import io.vethtrace.daemon.probe.RunningKernel;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The proof of the translation: each expression, compiled into the very object code that the probes
 * have, answers in the kernel what libpcap answers here, about the same frames.
 */
public class FilterProofTest {
  private static final int FRAMES = 2000;
  private static final int SKBS = 500;
  private static final int ADDRESSES_BYTES = 12;

  /**
   * Ethernet and IPv6: where the IP header that the EtherType promises is not whole, no skb is made
   * (net/bpf/test_run.c, bpf_prog_test_run_skb, 6.18).
   */
  private static final int SKB_BYTES_MIN = 54;

  /** The tag of {@code bpf/proof/skb_match.bpf.c}: 802.1Q, tag 7. */
  private static final byte[] TAG = {(byte) 0x81, 0, 0, 7};

  @BeforeAll
  static void needs_root() throws IOException {
    RunningKernel.requireRoot();
  }

  @TestFactory
  Stream<DynamicTest> the_kernel_answers_as_libpcap_does() {
    return Expressions.ALL.stream()
        .map(expression -> dynamicTest(expression, () -> assertProved(expression)));
  }

  @Test
  void the_kernel_answers_as_libpcap_does_about_captured_frames() throws Exception {
    List<byte[]> captured = SeedCaptures.frames();
    assumeTrue(!captured.isEmpty(), SeedCaptures.MISSING);
    for (String expression : Expressions.ALL) {
      try (TcpdumpFilter libpcap = new TcpdumpFilter(expression);
          KernelFilter kernel = KernelFilter.load(compiled(expression))) {
        for (byte[] frame : captured) {
          assertSame(libpcap, kernel, frame, 0);
          if (frame.length >= SKB_BYTES_MIN) {
            assertSameSkb(libpcap, kernel, frame);
          }
        }
      }
    }
  }

  private static void assertProved(String expression) throws Exception {
    RandomFrames random = new RandomFrames(expression.hashCode());
    List<byte[]> frames = IntStream.range(0, FRAMES).mapToObj(_ -> random.next()).toList();
    try (TcpdumpFilter libpcap = new TcpdumpFilter(expression);
        KernelFilter kernel = KernelFilter.load(compiled(expression))) {
      for (int i = 0; i < FRAMES; i++) {
        assertSame(libpcap, kernel, frames.get(i), i % 3 * 40);
      }
      frames.stream()
          .filter(frame -> frame.length >= SKB_BYTES_MIN)
          .limit(SKBS)
          .forEach(frame -> assertSameSkb(libpcap, kernel, frame));
    }
  }

  /** Compares both filters on a frame that is longer than its captured bytes. */
  private static void assertSame(
      TcpdumpFilter libpcap, KernelFilter kernel, byte[] frame, int more) {
    int length = frame.length + more;
    assertThat(kernel.matches(frame, length))
        .as("of %d bytes: %s", length, hex(frame))
        .isEqualTo(libpcap.matches(frame, length));
  }

  /** Compares both filters on an skb, and on one whose tag the kernel keeps beside its bytes. */
  private static void assertSameSkb(TcpdumpFilter libpcap, KernelFilter kernel, byte[] frame) {
    byte[] tagged = tagged(frame);
    assertThat(kernel.matchesSkb(frame))
        .as("skb: %s", hex(frame))
        .isEqualTo(libpcap.matches(frame, frame.length));
    assertThat(kernel.matchesTaggedSkb(frame))
        .as("skb with a tag beside its bytes: %s", hex(frame))
        .isEqualTo(libpcap.matches(tagged, tagged.length));
  }

  private static byte[] tagged(byte[] frame) {
    byte[] tagged = new byte[frame.length + TAG.length];
    int behind = ADDRESSES_BYTES + TAG.length;
    System.arraycopy(frame, 0, tagged, 0, ADDRESSES_BYTES);
    System.arraycopy(TAG, 0, tagged, ADDRESSES_BYTES, TAG.length);
    System.arraycopy(frame, ADDRESSES_BYTES, tagged, behind, frame.length - ADDRESSES_BYTES);
    return tagged;
  }

  private static String hex(byte[] frame) {
    return HexFormat.of().formatHex(frame);
  }

  public static Filter compiled(String expression) {
    return switch (Filter.compile(expression)) {
      case Filter.Compilation.Compiled(Filter filter) -> filter;
      case Filter.Compilation.Refused(String sentence) -> throw new AssertionError(sentence);
    };
  }
}
