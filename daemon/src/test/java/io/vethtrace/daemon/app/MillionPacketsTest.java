package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.AwaitOtherThread;
import io.vethtrace.daemon.fixture.TwoNetns;
import io.vethtrace.daemon.libbpf.LibbpfMissingException;
import io.vethtrace.daemon.packet.EtherType;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.attach.TracingUnavailableException;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.JourneyTracker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/**
 * Sends a million datagrams, each with a key of its own, across a veth pair on the running kernel.
 * Their headers are the same, and the kernel uses the same few skbs and heads for all of them.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MillionPacketsTest {
  private static final int FOLLOWED = 100_000;
  private static final int FLOODED = 900_000;
  private static final int BATCH = 500;
  private static final int SENDERS = 2;
  private static final int PAYLOAD_AT = 28; // behind IPv4 and UDP
  private static final int LARGE_RING = 1 << 24;
  private static final int SMALL_RING = 1 << 16;

  private final BitSet sent = new BitSet();
  private final BitSet received = new BitSet();
  private long journeysOfKeys;
  private long hopsOfJourneys;
  private long read;
  private int near;
  private int far;
  private TwoNetns netns;
  private JourneyTracker tracker;

  @BeforeEach
  void namespaces() throws Exception {
    netns = new TwoNetns();
    near = TwoNetns.inode(netns.near);
    far = TwoNetns.inode(netns.far);
    tracker = new JourneyTracker(this::check);
  }

  @AfterEach
  void remove() throws Exception {
    if (netns != null) {
      netns.close();
    }
  }

  @Test
  void where_nothing_is_lost_each_packet_has_one_journey_from_one_end_to_the_other()
      throws Exception {
    try (Probes probes = open(LARGE_RING);
        DatagramChannel receiver = netns.receiver();
        DatagramChannel sender = netns.sender()) {
      for (int key = 0; key < FOLLOWED; key += BATCH) {
        send(sender, key, key + BATCH);
        drain(probes);
      }
      settle(probes);
      assertThat(probes.lost()).isZero();
      assertThat(receiver.isOpen()).isTrue();
    }
    assertThat(sent.cardinality()).isEqualTo(FOLLOWED);
    assertThat(received.cardinality()).isEqualTo(FOLLOWED);
    assertThat(journeysOfKeys).isEqualTo(FOLLOWED);
  }

  @Test
  void however_many_events_are_lost_no_journey_mixes_two_packets() throws Exception {
    try (Probes probes = open(SMALL_RING);
        DatagramChannel receiver = netns.receiver();
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS + 1)) {
      AtomicBoolean flooding = new AtomicBoolean(true);
      Future<?> reading = threads.submit(() -> readInBursts(receiver, flooding));
      try {
        flood(threads, probes);
        settle(probes);
      } finally {
        flooding.set(false);
      }
      reading.get();
      assertThat(probes.lost()).isGreaterThan(read);
    }
    assertThat(journeysOfKeys).isPositive();
  }

  private void flood(ExecutorService threads, Probes probes) throws Exception {
    List<Future<?>> senders = new ArrayList<>();
    int share = FLOODED / SENDERS;
    for (int i = 0; i < SENDERS; i++) {
      int first = i * share;
      senders.add(threads.submit(sending(first, first + share)));
    }
    while (!senders.stream().allMatch(Future::isDone)) {
      drain(probes);
      Thread.sleep(2); // meanwhile the ring overflows
    }
    for (Future<?> sender : senders) {
      sender.get();
    }
  }

  private Callable<Void> sending(int from, int to) {
    return () -> {
      try (DatagramChannel sender = netns.sender()) {
        send(sender, from, to);
      }
      return null;
    };
  }

  private void send(DatagramChannel sender, int from, int to) throws IOException {
    ByteBuffer payload = ByteBuffer.allocateDirect(16);
    for (int key = from; key < to; key++) {
      payload.clear().putLong(0, key);
      sender.send(payload, netns.receiverAddress());
    }
  }

  /** The socket's queue fills, with heads that stay in use, and empties again. */
  private static Void readInBursts(DatagramChannel receiver, AtomicBoolean flooding)
      throws Exception {
    ByteBuffer payload = ByteBuffer.allocateDirect(16);
    receiver.configureBlocking(false);
    while (flooding.get()) {
      if (receiver.receive(payload.clear()) == null) {
        Thread.sleep(1);
      }
    }
    return null;
  }

  private static Probes open(int ringBytes) {
    try {
      return Probes.open(new ProbeOptions(ringBytes));
    } catch (TracingUnavailableException | LibbpfMissingException e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  private void drain(Probes probes) {
    probes
        .reader()
        .drain(event -> {
          read++;
          tracker.accept(event);
        });
  }

  /** Waits until every delivered event was read, although others may send packets meanwhile. */
  private void settle(Probes probes) throws InterruptedException {
    AwaitOtherThread.until(
        "all delivered events are read",
        () -> {
          drain(probes);
          return read + probes.reader().malformed() == delivered(probes);
        });
    tracker.tick(Long.MAX_VALUE);
    assertThat(probes.reader().malformed()).isZero();
    assertThat(tracker.joined() + tracker.ignored()).isEqualTo(read);
    assertThat(hopsOfJourneys).isEqualTo(tracker.joined());
  }

  private static long delivered(Probes probes) {
    return probes.status().stream()
        .map(ProbeStatus::counters)
        .mapToLong(ProbeHitCounters::delivered)
        .sum();
  }

  private void check(Journey journey) {
    hopsOfJourneys += journey.hops().size() - journey.inheritedHops() + journey.skippedHops();
    if (!isOurs(journey.first()) || !isKeyed(journey.first())) {
      return;
    }
    journeysOfKeys++;
    long key = key(journey.first());
    for (Event hop : journey.hops()) {
      if (!isKeyed(hop) || key(hop) != key) {
        throw new AssertionError("a journey of packet %d has %s".formatted(key, hop));
      }
      if (hop.hook().isTransmit() && hop.netns() == near) {
        sent.set((int) key);
      } else if (hop.hook().isReceive() && hop.netns() == far) {
        received.set((int) key);
      }
    }
  }

  private boolean isOurs(Event event) {
    return event.netns() == near || event.netns() == far;
  }

  private boolean isKeyed(Event event) {
    Frame frame = event.frame();
    int at = frame.networkOffset();
    return frame.protocol() == EtherType.IPV4
        && frame.holds(at, PAYLOAD_AT + Long.BYTES)
        && frame.u16Be(at + 22) == netns.receiverAddress().getPort();
  }

  private static long key(Event event) {
    int at = event.frame().networkOffset() + PAYLOAD_AT;
    return ((long) event.frame().i32Be(at) << 32) | (event.frame().i32Be(at + 4) & 0xffff_ffffL);
  }
}
