package io.vethtrace.daemon.engine.drop;

import static io.vethtrace.daemon.fixture.ConcurrentTest.check;
import static io.vethtrace.daemon.fixture.ConcurrentTest.require;
import static io.vethtrace.daemon.fixture.ConcurrentTest.together;

import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The drops since a moment, however the kernel counts and this keeps and adds up moments. */
class DropCountHistoryModelTest {
  @Test
  void each_drop_since_a_moment_is_in_the_answer_once() {
    check(
        1000,
        () -> {
          AtomicLong dropped = new AtomicLong();
          AtomicLong clock = new AtomicLong();
          DropCountHistory history =
              new DropCountHistory(() -> counters(dropped), clock::incrementAndGet);
          history.keepMoment();
          long momentNs = clock.get();
          together(
              () -> {
                dropped.incrementAndGet();
                history.keepMoment();
                dropped.incrementAndGet();
              },
              () -> {
                long before = dropped.get();
                long answer = packets(history, momentNs);
                require(answer >= before && answer <= dropped.get(), before + ": " + answer);
              });
          require(packets(history, momentNs) == 2, "in all " + packets(history, momentNs));
        });
  }

  private static List<PacketCounter> counters(AtomicLong dropped) {
    return List.of(new PacketCounter(1, 2, 3, 4, 5, "veth0", dropped.get(), 0, false));
  }

  private static long packets(DropCountHistory history, long sinceNs) {
    DropCountHistory.Answer answer =
        history.between(OptionalLong.of(sinceNs), OptionalLong.empty());
    return answer.dropped().totals().values().stream().mapToLong(DropTotal::packets).sum();
  }
}
