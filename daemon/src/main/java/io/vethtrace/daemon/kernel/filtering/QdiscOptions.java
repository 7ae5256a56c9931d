package io.vethtrace.daemon.kernel.filtering;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** The values that are read from TCA_OPTIONS. Each kind of qdisc has its own format. */
record QdiscOptions(OptionalLong limit, int lossPpm, long rateBytesPerS, long burstBytes) {
  static final QdiscOptions NONE = new QdiscOptions(OptionalLong.empty(), 0, 0, 0);

  private static final int PARMS = 1; // TCA_TBF_PARMS, TCA_RED_PARMS
  private static final int TCA_CODEL_LIMIT = 2;
  private static final int TCA_FQ_CODEL_LIMIT = 2;
  private static final int TCA_FQ_PLIMIT = 1;

  // Layouts: include/uapi/linux/pkt_sched.h (6.18).
  static QdiscOptions of(String kind, byte[] bytes) {
    return switch (kind) {
      case "pfifo", "bfifo" -> limited(word(bytes, 0)); // tc_fifo_qopt: limit
      case "sfq" -> limited(word(bytes, 2)); // tc_sfq_qopt: quantum, perturb, limit
      case "netem" -> netem(bytes);
      case "tbf" -> tbf(nested(bytes, PARMS));
      case "red" -> limited(word(nested(bytes, PARMS), 0)); // tc_red_qopt: limit
      case "fq_codel" -> limited(word(nested(bytes, TCA_FQ_CODEL_LIMIT), 0));
      case "codel" -> limited(word(nested(bytes, TCA_CODEL_LIMIT), 0));
      case "fq" -> limited(word(nested(bytes, TCA_FQ_PLIMIT), 0));
      default -> NONE;
    };
  }

  // tc_netem_qopt: latency, limit, loss (of 2^32 - 1), gap, duplicate, jitter
  private static QdiscOptions netem(byte[] bytes) {
    long ppm = word(bytes, 2) * 1_000_000 / 0xffff_ffffL;
    return new QdiscOptions(OptionalLong.of(word(bytes, 1)), (int) ppm, 0, 0);
  }

  // tc_tbf_qopt: two tc_ratespec of 12 bytes, whose last word is bytes/s; limit; buffer in ticks of
  // 64 ns (PSCHED_SHIFT, include/net/pkt_sched.h), the time that a burst takes; mtu
  private static QdiscOptions tbf(byte[] parms) {
    long rate = word(parms, 2);
    long burst = Math.ceilDiv(rate * (word(parms, 7) << 6), 1_000_000_000L);
    return new QdiscOptions(OptionalLong.of(word(parms, 6)), 0, rate, burst);
  }

  private static QdiscOptions limited(long limit) {
    return new QdiscOptions(OptionalLong.of(limit), 0, 0, 0);
  }

  private static byte[] nested(byte[] bytes, int type) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    return new NetlinkAttributes(buffer, 0).bytes(type).orElse(new byte[0]);
  }

  private static long word(byte[] bytes, int index) {
    int[] words = words(bytes);
    return index < words.length ? Integer.toUnsignedLong(words[index]) : 0;
  }

  static int[] words(byte[] bytes) {
    int[] words = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asIntBuffer().get(words);
    return words;
  }
}
