package io.vethtrace.daemon.engine.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.capture.live.TapPoint;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
  private static final int CAPACITY = 1 << 16;
  private static final TapPoint VETH0 = new TapPoint(1, "blue", 2, "veth0", true, false);
  private static final CaptureInterface FROM =
      new CaptureInterface("veth0", "", LinkType.ETHERNET, 0);

  private static CapturedFrame frame(long unixNs) {
    return new CapturedFrame(FROM, unixNs, FrameDirection.OUTBOUND, 60, new byte[60]);
  }

  @Test
  void what_passes_after_the_end_is_neither_taken_nor_lost() {
    FrameQueue queue = new FrameQueue(0);
    queue.offer(VETH0, frame(900));
    queue.end(1000);
    queue.offer(VETH0, frame(1000));
    queue.offer(VETH0, frame(1001));
    assertThat(queue.drain()).extracting(CapturedFrameOrDrop::unixNs).containsExactly(900L, 1000L);
    assertThat(queue.lost()).isZero();
  }

  @Test
  void what_there_is_no_room_for_is_counted() {
    FrameQueue queue = new FrameQueue(0);
    for (int i = 0; i < CAPACITY + 7; i++) {
      queue.offer(VETH0, frame(i));
    }
    assertThat(queue.drain()).hasSize(CAPACITY);
    assertThat(queue.lost()).isEqualTo(7);
  }

  @Test
  void no_more_is_taken_than_is_wanted() {
    FrameQueue queue = new FrameQueue(2);
    for (int i = 0; i < 5; i++) {
      queue.offer(VETH0, frame(i));
    }
    assertThat(queue.drain()).hasSize(2);
    assertThat(queue.hasEnough()).isTrue();
    assertThat(queue.lost()).isZero();
  }
}
