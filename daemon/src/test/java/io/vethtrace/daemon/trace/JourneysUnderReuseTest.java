package io.vethtrace.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.PlainEvent;
import io.vethtrace.daemon.packet.EtherType;
import io.vethtrace.daemon.packet.Frame;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets at random through memory that is used again and again, with sights missing at random. */
class JourneysUnderReuseTest {
  private static final int PACKETS = 2_000_000;
  private static final int SLOTS = 6;
  private static final Hook[] ROUTE = {
    Hook.VETH_XMIT, Hook.NETIF_RX, Hook.NETIF_RECEIVE_SKB, Hook.FIB_VALIDATE_SOURCE
  };

  private final Random random = new Random(42);
  private final Packet[] slots = new Packet[SLOTS];
  private final JourneyTracker tracker = new JourneyTracker(this::check);
  private long nowNs;
  private long accepted;
  private long inJourneys;
  private int nextKey;

  /** A packet under way: the number of hooks that it has passed. */
  private record Packet(Frame frame, int step) {}

  @Test
  void no_journey_mixes_two_packets_and_every_event_is_accounted_for() {
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = fresh();
    }
    while (nextKey < PACKETS) {
      int slot = random.nextInt(SLOTS);
      slots[slot] = step(slot, slots[slot]);
      if (random.nextInt(10_000) == 0) {
        nowNs += random.nextLong(2 * JourneyTracker.IDLE_NS);
        tracker.tick(nowNs);
      }
    }
    tracker.tick(Long.MAX_VALUE);

    assertThat(tracker.joined() + tracker.ignored()).isEqualTo(accepted);
    assertThat(inJourneys).isEqualTo(tracker.joined());
    assertThat(tracker.ignored()).isPositive();
  }

  private Packet step(int slot, Packet packet) {
    boolean seen = random.nextInt(4) != 0;
    if (packet.step() == ROUTE.length) {
      if (seen) {
        see(slot, random.nextBoolean() ? Hook.KFREE_SKB : Hook.CONSUME_SKB, packet.frame());
      }
      return fresh();
    }
    if (seen) {
      see(slot, ROUTE[packet.step()], packet.frame());
    }
    return new Packet(packet.frame(), packet.step() + 1);
  }

  private void see(int slot, Hook hook, Frame frame) {
    accepted++;
    nowNs += 100;
    tracker.accept(
        PlainEvent.of(
            new Event.Common(
                nowNs, hook, 0, 0x1000 + slot, 0x8000, false, 1, 2, "v", 1, 28, frame)));
  }

  /** Packets of three kinds; each has its number in its last four bytes, and in its identity. */
  private Packet fresh() {
    int key = nextKey++;
    byte[] end = ByteBuffer.allocate(4).putInt(key).array();
    byte[] bytes =
        switch (random.nextInt(3)) {
          case 0 -> ByteBuffer.allocate(28).putInt(0x10800).putInt(0x6040001).put(24, end).array();
          case 1 -> ip(Packets.UDP, key, 0, end);
          default -> ip(Packets.ICMP, 0, key, end);
        };
    return new Packet(new Frame(bytes[0] == 0 ? EtherType.ARP : EtherType.IPV4, 0, bytes), 0);
  }

  private static byte[] ip(int protocol, int id, int sequence, byte[] end) {
    return ByteBuffer.allocate(32)
        .putInt(0x45000020)
        .putShort((short) id)
        .put(9, (byte) protocol)
        .putInt(24, sequence)
        .put(28, end)
        .array();
  }

  private void check(Journey journey) {
    int key = key(journey.first());
    for (Event hop : journey.hops()) {
      if (key(hop) != key) {
        throw new AssertionError("journey of packets %d and %d".formatted(key, key(hop)));
      }
    }
    inJourneys += journey.hops().size() - journey.inheritedHops() + journey.skippedHops();
  }

  private static int key(Event event) {
    return event.frame().i32Be(event.frame().lengthBytes() - 4);
  }
}
