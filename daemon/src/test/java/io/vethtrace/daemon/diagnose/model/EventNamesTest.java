package io.vethtrace.daemon.diagnose.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Event;
import org.junit.jupiter.api.Test;

class EventNamesTest {
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");

  private static TracedSkb packet() {
    return TracedSkb.of(Packets.udp("10.0.0.1", 1, "10.0.0.2", 53));
  }

  private static String reason(TestKernel kernel, Event event) {
    return new EventNames(kernel.reasons(), kernel.symbols()).reason(event);
  }

  @Test
  void a_kernel_with_reasons_has_the_word() {
    int number = TestKernel.V6_1.reason("NETFILTER_DROP");
    Event drop = packet().dropped(VETH0, number, TestKernel.place("icmp_rcv")).last();
    assertThat(reason(TestKernel.V6_1, drop)).isEqualTo("NETFILTER_DROP");
  }

  @Test
  void without_reasons_a_place_that_drops_for_one_reason_alone_says_it_in_the_same_word() {
    Event drop = packet().droppedWithoutReason(VETH0, TestKernel.place("nf_hook_slow")).last();
    assertThat(reason(TestKernel.V5_10, drop)).isEqualTo("NETFILTER_DROP");
  }

  @Test
  void a_place_that_drops_for_several_reasons_says_none() {
    Event drop =
        packet().droppedWithoutReason(VETH0, TestKernel.place("ip_rcv_finish_core")).last();
    assertThat(reason(TestKernel.V5_10, drop)).isEmpty();
  }
}
