package io.vethtrace.daemon.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.JourneyTracker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameJoinTest {
  private static final int NETNS = 7;
  private static final long MS = 1_000_000;
  private static final TestDevice VETH0 = TestDevice.up(NETNS, 3, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(NETNS, 2, "veth1");
  private static final TestDevice BRIDGE = TestDevice.up(NETNS, 4, "br0");
  private static final Frame REQUEST =
      Packets.behindMac(Packets.arpRequest("192.168.1.1", "192.168.1.2"));

  private final FrameJoin<String> join = joinOf(VETH0, VETH1);

  private static FrameJoin<String> joinOf(TestDevice... devices) {
    List<TapPoint> taps = new ArrayList<>();
    for (TestDevice device : devices) {
      taps.add(tap(device));
    }
    return new FrameJoin<>(ktimeNs -> ktimeNs, TapOptions.MAX_SNAP_LEN_BYTES, taps);
  }

  private static TapPoint tap(TestDevice device) {
    return new TapPoint(
        device.netns(), "blue", device.ifindex(), device.name(), !device.equals(BRIDGE), false);
  }

  private static CapturedFrame frame(Frame frame, FrameDirection direction, long unixNs) {
    return new CapturedFrame(
        new CaptureInterface("any", "", LinkType.ETHERNET, 0),
        unixNs,
        direction,
        frame.lengthBytes(),
        frame.copy(0, frame.lengthBytes()));
  }

  private FrameJourneyMatch<String> sent(Frame frame, long unixNs) {
    return join.match(tap(VETH0), frame(frame, FrameDirection.OUTBOUND, unixNs));
  }

  private FrameJourneyMatch<String> received(Frame frame, long unixNs) {
    return join.match(tap(VETH1), frame(frame, FrameDirection.INBOUND, unixNs));
  }

  private static TracedSkb crossed(Frame frame, long atMs) {
    return TracedSkb.of(frame).atMs(atMs).across(VETH0, VETH1).consumed(VETH1);
  }

  @Test
  void both_ends_saw_the_same_packet() {
    join.add(crossed(REQUEST, 0).journey(), () -> "refused");
    FrameJourneyMatch<String> sent = sent(REQUEST, 500);
    assertThat(sent)
        .isInstanceOf(FrameJourneyMatch.Matched.class)
        .isEqualTo(received(REQUEST, 2500));
    assertThat(fates(sent)).containsExactly("refused");
  }

  @Test
  void a_request_that_is_sent_again_is_told_apart_by_time() {
    List<Journey> journeys = new ArrayList<>();
    JourneyTracker tracker = new JourneyTracker(journeys::add);
    crossed(REQUEST, 0).events().forEach(tracker::accept);
    crossed(REQUEST, 1000).events().forEach(tracker::accept);
    join.add(journeys.getFirst(), () -> "first");
    join.add(journeys.getLast(), () -> "second");
    assertThat(fates(sent(REQUEST, 1000 * MS))).containsExactly("second");
    assertThat(fates(sent(REQUEST, 0))).containsExactly("first");
    assertThat(fates(received(REQUEST, 1000 * MS))).containsExactly("second");
  }

  @Test
  void each_of_a_flood_that_looks_alike_is_told_apart_in_whatever_order_its_frames_come() {
    List<Journey> journeys = new ArrayList<>();
    JourneyTracker tracker = new JourneyTracker(journeys::add);
    List<Integer> frames = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      crossed(REQUEST, i).events().forEach(tracker::accept);
      String fate = "packet " + i;
      join.add(journeys.getLast(), () -> fate);
      frames.add(i);
    }
    Collections.shuffle(frames, new Random(1));
    for (int i : frames) {
      assertThat(fates(sent(REQUEST, i * MS + 500))).containsExactly("packet " + i);
    }
    assertThat(sent(REQUEST, 250 * MS)).isInstanceOf(FrameJourneyMatch.Unmatched.class);
  }

  @Test
  void nothing_tells_two_apart_that_pass_at_one_time() {
    List<Journey> journeys = new ArrayList<>();
    JourneyTracker tracker = new JourneyTracker(journeys::add);
    crossed(REQUEST, 0).events().forEach(tracker::accept);
    crossed(REQUEST, 0).events().forEach(tracker::accept);
    journeys.forEach(journey -> join.add(journey, () -> "one of two"));
    assertThat(sent(REQUEST, 500)).isInstanceOf(FrameJourneyMatch.Ambiguous.class);
  }

  @Test
  void a_passing_is_of_one_frame_alone() {
    join.add(crossed(REQUEST, 0).journey(), () -> "once");
    assertThat(sent(REQUEST, 500)).isInstanceOf(FrameJourneyMatch.Matched.class);
    assertThat(sent(REQUEST, 600)).isInstanceOf(FrameJourneyMatch.Unmatched.class);
  }

  @Test
  void another_packet_or_direction_or_time_is_no_match() {
    join.add(crossed(REQUEST, 0).journey(), () -> "refused");
    Frame other = Packets.behindMac(Packets.arpRequest("192.168.1.1", "192.168.1.3"));
    assertThat(sent(other, 500)).isInstanceOf(FrameJourneyMatch.Unmatched.class);
    assertThat(received(REQUEST, 600 * MS)).isInstanceOf(FrameJourneyMatch.Unmatched.class);
    assertThat(join.match(tap(VETH0), frame(REQUEST, FrameDirection.INBOUND, 500)))
        .isInstanceOf(FrameJourneyMatch.Unmatched.class);
  }

  @Test
  void what_became_of_a_clone_is_said_of_the_packet() {
    TracedSkb packet = TracedSkb.of(REQUEST).across(VETH0, VETH1);
    TracedSkb clone = packet.cloned().at(Hook.FIB_VALIDATE_SOURCE, VETH1).consumed(VETH1);
    List<Journey> journeys = new ArrayList<>();
    JourneyTracker tracker = new JourneyTracker(journeys::add);
    packet.events().forEach(tracker::accept);
    clone.events().forEach(tracker::accept);
    tracker.tick(Long.MAX_VALUE);
    journeys.forEach(journey -> join.add(journey, () -> journey.isBranch() ? "clone" : "packet"));
    assertThat(fates(sent(REQUEST, 500))).containsExactlyInAnyOrder("packet", "clone");
  }

  @Test
  void what_a_bridge_sends_is_recognised_where_it_passes_next() {
    FrameJoin<String> bridged = joinOf(VETH0, BRIDGE);
    bridged.add(crossed(REQUEST, 0).journey(), () -> "bridged");
    assertThat(bridged.match(tap(BRIDGE), frame(REQUEST, FrameDirection.OUTBOUND, 100)))
        .isInstanceOf(FrameJourneyMatch.Matched.class);
  }

  @Test
  void the_past_is_forgotten() {
    join.add(crossed(REQUEST, 0).journey(), () -> "long ago");
    join.forget(MS);
    assertThat(sent(REQUEST, 500)).isInstanceOf(FrameJourneyMatch.Unmatched.class);
  }

  private static List<String> fates(FrameJourneyMatch<String> match) {
    return switch (match) {
      case FrameJourneyMatch.Matched<String>(long _, List<String> fates) -> fates;
      case FrameJourneyMatch.Ambiguous<String> _, FrameJourneyMatch.Unmatched<String> _ ->
          List.of();
    };
  }
}
