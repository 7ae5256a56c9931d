package io.vethtrace.daemon.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.SourceValidationSettings;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final TestDevice VETH0 = TestDevice.up(100, 2, "veth0");
  private static final TestDevice VETH1 = TestDevice.up(200, 3, "veth1");

  private final Messages messages = new HandMadeTracing().messages;

  private static List<String> names(Enum<?>[] values) {
    return Stream.of(values).map(Enum::name).toList();
  }

  @Test
  void every_name_that_the_rules_use_is_one_of_the_public_api() {
    assertThat(names(io.vethtrace.v1.Finding.Cause.values())).containsAll(names(Cause.values()));
    assertThat(names(io.vethtrace.v1.Finding.Verdict.values()))
        .containsAll(names(Verdict.values()));
    assertThat(names(io.vethtrace.v1.Finding.Confidence.values()))
        .containsAll(names(Confidence.values()));
    assertThat(names(io.vethtrace.v1.Evidence.Kind.values()))
        .containsAll(names(Evidence.Kind.values()));
    assertThat(names(io.vethtrace.v1.Journey.End.values()))
        .containsAll(names(Journey.End.values()));
  }

  private static Journey refused() {
    return TracedSkb.of(Packets.arpRequest("192.168.1.1", "192.168.1.2"))
        .across(VETH0, VETH1)
        .validated(VETH1, -87, new SourceCheckSysctls(1, 2, 3, 4))
        .dropped(VETH1, TestKernel.V7_3.reason("IP_RPFILTER"), TestKernel.place("icmp_rcv"))
        .journey();
  }

  @Test
  void a_journey_has_every_hop_in_the_kernels_words() {
    io.vethtrace.v1.Journey journey = messages.journey(refused());

    assertThat(journey.getPacket()).isEqualTo("ARP who-has 192.168.1.2 tell 192.168.1.1");
    assertThat(journey.getEnd()).isEqualTo(io.vethtrace.v1.Journey.End.DROPPED);
    assertThat(journey.getLenBytes()).isEqualTo(28);
    assertThat(journey.getHopsList())
        .extracting(Hop::getHook)
        .containsExactly(
            "veth_xmit", "netif_rx", "netif_receive_skb", "fib_validate_source", "kfree_skb");
    Hop first = journey.getHops(0);
    assertThat(first.getInterface()).isEqualTo("veth0");
    assertThat(first.getNetns()).isEqualTo("ns100");
    assertThat(first.getNetnsInode()).isEqualTo(100);
    assertThat(first.getIfindex()).isEqualTo(2);
    assertThat(first.getMechanism()).isEqualTo("fentry");
    assertThat(first.getSinceFirstNs()).isZero();
    assertThat(first.getKtimeNs()).isPositive();
    assertThat(first.hasReturnValue()).isFalse();
    assertThat(first.hasSettings()).isFalse();
    assertThat(first.getDropReason()).isEmpty();
  }

  @Test
  void a_result_its_settings_and_a_drop_are_passed_on() {
    io.vethtrace.v1.Journey journey = messages.journey(refused());
    Hop validated = journey.getHops(3);
    Hop dropped = journey.getHops(4);

    assertThat(validated.getReturnValue()).isEqualTo(-87);
    assertThat(validated.getSettings())
        .isEqualTo(
            SourceValidationSettings.newBuilder()
                .setRpFilterAll(1)
                .setRpFilterInterface(2)
                .setAcceptLocalAll(3)
                .setAcceptLocalInterface(4)
                .build());
    assertThat(dropped.getDropReason()).isEqualTo("IP_RPFILTER");
    assertThat(dropped.getPlace()).isEqualTo("icmp_rcv");
    assertThat(dropped.getSinceFirstNs()).isEqualTo(4_000);
  }

  @Test
  void a_reply_freed_after_its_delivery_is_not_called_dropped() {
    int noSocket = TestKernel.V7_3.reason("NO_SOCKET");
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply("192.168.1.2", "192.168.1.1", 9, 1))
            .at(Hook.NETIF_RX, VETH0);
    Journey journey = reply.dropped(VETH0, noSocket, TestKernel.place("ping_rcv")).journey();
    assertThat(messages.journey(journey).getEnd()).isEqualTo(io.vethtrace.v1.Journey.End.FREED);
  }

  @Test
  void a_result_of_zero_is_a_result() {
    Journey accepted =
        TracedSkb.of(Packets.arpRequest("192.168.1.1", "192.168.1.2"))
            .validated(VETH1, 0, null)
            .journey();
    assertThat(messages.journey(accepted).getHops(0).hasReturnValue()).isTrue();
  }

  @Test
  void a_sight_without_a_device_has_no_namespace_and_no_interface() {
    Journey dropped =
        TracedSkb.of(Packets.udp("10.0.0.1", 1, "10.0.0.2", 2))
            .dropped(TestDevice.NONE, 99, 0)
            .journey();
    Hop hop = messages.journey(dropped).getHops(0);

    assertThat(hop.getNetns()).isEmpty();
    assertThat(hop.getInterface()).isEmpty();
    assertThat(hop.getDropReason()).isEqualTo("99");
    assertThat(hop.getPlace()).isEmpty();
  }

  @Test
  void a_finding_is_passed_on_whole() {
    Finding finding =
        new Finding(
            Cause.LOOPBACK_DOWN,
            Verdict.DROPPED,
            Confidence.OBSERVED,
            "title",
            "explanation",
            new Finding.Place(100, "ns100", "lo"),
            "kfree_skb",
            OptionalInt.of(-22),
            "QDISC_DROP",
            List.of(new Evidence(Evidence.Kind.DEVICE, "proof")),
            List.of("consequence"),
            List.of(new Fix(List.of("one", "two"), "note")),
            7,
            refused());
    io.vethtrace.v1.Finding message = messages.finding(finding);

    assertThat(message.getCause()).isEqualTo(io.vethtrace.v1.Finding.Cause.LOOPBACK_DOWN);
    assertThat(message.getVerdict()).isEqualTo(io.vethtrace.v1.Finding.Verdict.DROPPED);
    assertThat(message.getConfidence()).isEqualTo(io.vethtrace.v1.Finding.Confidence.OBSERVED);
    assertThat(message.getTitle()).isEqualTo("title");
    assertThat(message.getExplanation()).isEqualTo("explanation");
    assertThat(message.getNetns()).isEqualTo("ns100");
    assertThat(message.getInterface()).isEqualTo("lo");
    assertThat(message.getHook()).isEqualTo("kfree_skb");
    assertThat(message.getReturnValue()).isEqualTo(-22);
    assertThat(message.getDropReason()).isEqualTo("QDISC_DROP");
    assertThat(message.getEvidence(0).getKind()).isEqualTo(io.vethtrace.v1.Evidence.Kind.DEVICE);
    assertThat(message.getEvidence(0).getText()).isEqualTo("proof");
    assertThat(message.getConsequencesList()).containsExactly("consequence");
    assertThat(message.getFixes(0).getCommandsList()).containsExactly("one", "two");
    assertThat(message.getFixes(0).getNote()).isEqualTo("note");
    assertThat(message.getPackets()).isEqualTo(7);
    assertThat(message.getJourney()).isEqualTo(messages.journey(refused()));
  }
}
