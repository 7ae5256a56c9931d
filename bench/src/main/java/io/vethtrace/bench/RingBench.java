package io.vethtrace.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Drains a full ring of the real event type, in turns with the rival. */
public final class RingBench {
  private static final int RING_BYTES = 16 << 20;
  private static final int STRIDE_BYTES = 216; // a header of 8 bytes and struct vt_event
  private static final long RECORDS = (RING_BYTES - 1) / STRIDE_BYTES;
  private static final int WARM_UP_ROUNDS = 150;
  private static final int ROUNDS = 200;

  private RingBench() {}

  /**
   * Runs it.
   *
   * @param args the rival's program and the object with the filling program
   */
  public static void main(String[] args) throws IOException {
    try (Drain java = new JavaDrain(RING_BYTES, RECORDS);
        Drain c = new CDrain(args[0], args[1], RING_BYTES, RECORDS)) {
      System.out.printf(
          "ring: a BPF program fills a ring of %d MiB with %,d records of struct vt_event; the time"
              + " is that of draining it.%n%d rounds each, in turns, after %d to warm up.%n",
          RING_BYTES >> 20, RECORDS, ROUNDS, WARM_UP_ROUNDS);
      takeTurns(java, c, WARM_UP_ROUNDS, new ArrayList<>(), new ArrayList<>());
      List<Drain.Round> ours = new ArrayList<>();
      List<Drain.Round> theirs = new ArrayList<>();
      takeTurns(java, c, ROUNDS, ours, theirs);
      report(Speeds.of(ours), Speeds.of(theirs));
    }
  }

  private static void takeTurns(
      Drain java, Drain c, int rounds, List<Drain.Round> ours, List<Drain.Round> theirs)
      throws IOException {
    for (int i = 0; i < rounds; i++) {
      ours.add(whole(java.round()));
      theirs.add(whole(c.round()));
    }
  }

  private static Drain.Round whole(Drain.Round round) {
    if (round.records() != RECORDS) {
      throw new IllegalStateException("records=" + round.records() + " expected=" + RECORDS);
    }
    return round;
  }

  private static void report(Speeds ours, Speeds theirs) {
    System.out.println("  vethtrace, Java, to Event objects:    " + ours.text());
    System.out.println("  libbpf's callback, C, to a C struct:  " + theirs.text());
    System.out.printf(
        "  ratio of the medians:                 %6.2f%n", ours.median() / theirs.median());
  }
}
