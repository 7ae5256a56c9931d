package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.engine.feed.ItemKind;
import io.vethtrace.daemon.engine.feed.LossMonitor;
import io.vethtrace.daemon.engine.feed.WatchClient;
import io.vethtrace.daemon.engine.feed.WatchQuery;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.v1.WatchResponse;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * A watch whose client takes responses now and then and may leave at any time, while items are
 * published: produced = delivered + filtered + lost, and delivered is what the client got.
 */
class WatchCallStressTest {
  private static final int ITEMS = 200;
  private static final TestDevice LO = TestDevice.lo(300, true);

  private final HandMadeTracing tracing = new HandMadeTracing();
  private final Semaphore ready = new Semaphore(0);
  private final UnsteadyClient call = new UnsteadyClient();

  @RepeatedTest(40)
  void each_item_is_delivered_filtered_or_lost(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    boolean leaves = random.nextBoolean();
    int leavesAt = random.nextInt(ITEMS);
    WatchClient client = tracing.clients.admit().orElseThrow();
    Thread watching = Thread.ofPlatform().start(watch(client));
    Thread unsteady = Thread.ofPlatform().start(() -> call.toggle(random.nextLong()));
    for (int i = 0; i < ITEMS; i++) {
      tracing.publish(TracedSkb.of(Packets.echo("127.0.0.1", "127.0.0.1", 9, i)).through(LO));
      if (leaves && i == leavesAt) {
        call.cancelled = true;
        watching.interrupt();
      }
    }
    tracing.feed().close();
    watching.join();
    call.isOver = true;
    unsteady.join();

    PipelineStageCounts counts = client.counts();
    assertThat(counts.produced()).isEqualTo(counts.delivered() + counts.filtered() + counts.lost());
    assertThat(counts.delivered()).isEqualTo(call.received.get());
    if (!leaves) {
      assertThat(counts.lost()).isZero();
      assertThat(counts.delivered()).isEqualTo(counts.produced() - counts.filtered());
    }
    assertThat(tracing.clients.present()).isEmpty();
  }

  /** A watch of every other journey. */
  private WatchCall watch(WatchClient client) {
    AtomicLong asked = new AtomicLong();
    WatchQuery query =
        new WatchQuery(
            Set.of(ItemKind.JOURNEY),
            Optional.empty(),
            _ -> asked.incrementAndGet() % 2 == 0,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            new WatchQuery.Past.All(),
            true);
    WatchResponseWriter writer =
        new WatchResponseWriter(
            call,
            ready,
            new FeedItemMessages(tracing.messages),
            client,
            new LossMonitor(tracing, client));
    return new WatchCall(tracing.stream(), tracing.clients, client, query, call, writer);
  }

  /** A client that is ready now and then. */
  private final class UnsteadyClient extends ServerCallStreamObserver<WatchResponse> {
    final AtomicLong received = new AtomicLong();
    volatile boolean cancelled;
    volatile boolean isOver;
    private volatile boolean isReady = true;

    void toggle(long seed) {
      Random random = new Random(seed);
      while (!isOver) {
        isReady = random.nextBoolean();
        if (isReady) {
          ready.release();
        }
        LockSupport.parkNanos(1);
      }
    }

    @Override
    public void onNext(WatchResponse response) {
      received.addAndGet(response.getJourneysCount());
    }

    @Override
    public boolean isReady() {
      return isReady;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public void onError(Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public void onCompleted() {}

    @Override
    public void setOnCancelHandler(@Nullable Runnable handler) {}

    @Override
    public void setOnReadyHandler(@Nullable Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
