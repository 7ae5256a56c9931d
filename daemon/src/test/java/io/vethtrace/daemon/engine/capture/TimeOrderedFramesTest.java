package io.vethtrace.daemon.engine.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.capture.live.TapPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeOrderedFramesTest {
  private static final TapPoint VETH0 = new TapPoint(7, "blue", 3, "veth0", true, false);
  private static final CaptureInterface FROM =
      new CaptureInterface("veth0", "", LinkType.ETHERNET, 0);

  private final TimeOrderedFrames items = new TimeOrderedFrames();

  private void add(long unixNs) {
    items.add(
        new CapturedFrameOrDrop.Framed(
            VETH0, new CapturedFrame(FROM, unixNs, FrameDirection.OUTBOUND, 0, new byte[0])));
  }

  private List<Long> taken(long beforeUnixNs, int max) {
    List<Long> taken = new ArrayList<>();
    CapturedFrameOrDrop item = items.take(beforeUnixNs, max);
    while (item != null) {
      taken.add(item.unixNs());
      item = items.take(beforeUnixNs, max);
    }
    return taken;
  }

  @Test
  void items_of_several_taps_come_out_by_time() {
    for (int time = 0; time < 50; time++) {
      add(2L * time);
      add(time);
    }
    assertThat(taken(Long.MAX_VALUE, 0)).hasSize(100).isSorted();
  }

  @Test
  void also_those_that_come_in_no_order_at_all() {
    Random random = new Random(1);
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      all.add(random.nextLong(1000));
      add(all.getLast());
    }
    assertThat(taken(Long.MAX_VALUE, 0)).isSorted().containsExactlyInAnyOrderElementsOf(all);
    assertThat(items.size()).isZero();
  }

  @Test
  void what_is_not_yet_due_stays_unless_there_are_too_many() {
    add(1);
    add(2);
    add(3);
    assertThat(taken(2, 3)).containsExactly(1L);
    assertThat(taken(2, 1)).containsExactly(2L);
    assertThat(items.size()).isEqualTo(1);
  }
}
