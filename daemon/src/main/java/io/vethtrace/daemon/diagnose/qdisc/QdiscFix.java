package io.vethtrace.daemon.diagnose.qdisc;

import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.kernel.filtering.Qdisc;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Commands for the queue of a device.
 *
 * @param prefix what makes a command act in the device's namespace
 */
record QdiscFix(String prefix, String device) {
  private static final int FACTOR = 10;
  private static final int FAST_PACKETS = 10_000;

  /** Kinds whose limit can be changed alone. */
  private static final Set<String> LIMITED =
      Set.of("pfifo", "bfifo", "fq", "fq_codel", "codel", "sfq");

  /** "qdisc tbf 8001: root: limit 1600 bytes, 0 waiting (0 bytes), 3 dropped". */
  static String words(Qdisc qdisc) {
    return "qdisc %s %x: %s:%s%s %d packets waiting (%d bytes), %d dropped"
        .formatted(
            qdisc.kind(),
            qdisc.handle() >>> 16,
            qdisc.tcParent(),
            qdisc.limit().isPresent()
                ? " limit %d %s,"
                    .formatted(
                        qdisc.limit().getAsLong(), qdisc.limitIsInBytes() ? "bytes" : "packets")
                : "",
            qdisc.lossPpm() > 0 ? " loss %s%%,".formatted(percent(qdisc.lossPpm())) : "",
            qdisc.qlen(),
            qdisc.backlogBytes(),
            qdisc.drops());
  }

  private static String percent(int ppm) {
    return ppm % 10_000 == 0 ? Integer.toString(ppm / 10_000) : Double.toString(ppm / 10_000.0);
  }

  /** Empty where this kind's settings are not known here. */
  Optional<Fix> of(Qdisc qdisc, boolean discards) {
    return discards ? Optional.of(remove(qdisc)) : lengthen(qdisc);
  }

  private Fix remove(Qdisc qdisc) {
    return new Fix(
        List.of(
            "%stc qdisc del dev %s %s".formatted(prefix, ShellWord.of(device), qdisc.tcParent())),
        "The device gets its default queue; what else %s did, a delay for example, ends too."
            .formatted(qdisc.kind()));
  }

  private Optional<Fix> lengthen(Qdisc qdisc) {
    return command(qdisc)
        .map(command ->
            new Fix(
                List.of(prefix + command),
                "A longer queue keeps bursts and makes packets late. It does not help where more"
                    + " comes than may go out all the time."));
  }

  private Optional<String> command(Qdisc qdisc) {
    String dev = ShellWord.of(device);
    if (qdisc.kind().equals("pfifo_fast")) {
      return Optional.of("ip link set dev %s txqueuelen %d".formatted(dev, FAST_PACKETS));
    }
    if (qdisc.limit().isEmpty()) {
      return Optional.empty();
    }
    long limit = qdisc.limit().getAsLong() * FACTOR;
    String change = "tc qdisc change dev %s %s %s".formatted(dev, qdisc.tcParent(), qdisc.kind());
    if (qdisc.kind().equals("tbf")) {
      // tbf takes its settings only all together (net/sched/sch_tbf.c, tbf_change).
      return Optional.of(
          "%s rate %dbit burst %d limit %d"
              .formatted(change, qdisc.rateBytesPerS() * 8, qdisc.burstBytes(), limit));
    }
    return LIMITED.contains(qdisc.kind())
        ? Optional.of("%s limit %d".formatted(change, limit))
        : Optional.empty();
  }
}
