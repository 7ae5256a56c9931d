package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Conversation;
import io.vethtrace.daemon.trace.Conversations;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Findings about what happened together: one root cause, the rest folded under it. */
class DiagnosisTest {
  private static final SourceCheckSysctls ALL_OFF = new SourceCheckSysctls(0, 0, 0, 0);

  private static TracedSkb askFor(String target) {
    return TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, target))
        .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
        .consumed(OneNetnsScene.VETH1);
  }

  private static TracedSkb queuedFor(String target) {
    return TracedSkb.of(Packets.echo(OneNetnsScene.A, target, 9, 1))
        .atMs(3000)
        .dropped(OneNetnsScene.VETH0, 41, TestKernel.place("neigh_invalidate"));
  }

  @Test
  void nothing_seen_is_nothing_found() {
    assertThat(new OneNetnsScene(TestKernel.V6_1).findings()).isEmpty();
  }

  @Test
  void the_queued_echo_and_the_icmp_error_are_consequences_of_the_refused_arp_request() {
    for (TestKernel kernel : new TestKernel[] {TestKernel.V5_10, TestKernel.V6_1}) {
      OneNetnsScene scene =
          new OneNetnsScene(kernel).happens(OneNetnsScene.arpRefused(-22, ALL_OFF));
      Finding finding =
          scene.happens(scene.echoDied(1), OneNetnsScene.hostUnreachable(1)).finding();

      assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
      assertThat(finding.consequences()).hasSize(2);
      assertThat(finding.consequences().get(0))
          .startsWith("the queued packet ICMP 192.168.1.1 > 192.168.1.2, echo request")
          .endsWith(", 3000 ms after the first ARP request");
      assertThat(finding.consequences().get(1)).endsWith("was sent back through lo");
    }
  }

  @Test
  void the_same_is_folded_where_the_cause_was_inferred() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY).happens(OneNetnsScene.arpAsked());
    Finding finding = scene.happens(scene.echoDied(1), OneNetnsScene.hostUnreachable(1)).finding();

    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.consequences()).hasSize(2);
  }

  @Test
  void ten_packets_that_meet_one_fault_are_one_finding() {
    OneNetnsScene arp = new OneNetnsScene(TestKernel.V6_1);
    OneNetnsScene echoes = new OneNetnsScene(TestKernel.V6_1);
    for (int sequence = 1; sequence <= 10; sequence++) {
      arp.happens(OneNetnsScene.arpRefused(-22, ALL_OFF));
      echoes.happens(OneNetnsScene.echo(sequence), echoes.replyDiedOnLo(sequence));
    }
    assertThat(arp.finding().packets()).isEqualTo(10);
    assertThat(echoes.finding().packets()).isEqualTo(10);
    assertThat(echoes.finding().cause()).isEqualTo(Cause.LOOPBACK_DOWN);
  }

  private static TracedSkb refusedAt(long ms) {
    return TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
        .atMs(ms)
        .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
        .validated(OneNetnsScene.VETH1, -22, ALL_OFF)
        .consumed(OneNetnsScene.VETH1);
  }

  private static TracedSkb diedAt(long ms, int sequence) {
    return TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, sequence))
        .atMs(ms)
        .dropped(OneNetnsScene.VETH0, 41, TestKernel.place("neigh_invalidate"));
  }

  /** Purged packets on 6.18: a packet comes to the queue while the error for another is sent. */
  @ParameterizedTest
  @ValueSource(strings = {"neigh_invalidate", "neigh_destroy"})
  void what_was_purged_from_a_neighbours_queue_died_of_its_silence_too(String place) {
    TestKernel kernel = TestKernel.V7_3;
    TracedSkb purged =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 2))
            .atMs(3000)
            .dropped(OneNetnsScene.VETH0, kernel.reason("QUEUE_PURGE"), TestKernel.place(place));
    Finding finding =
        new OneNetnsScene(kernel).happens(OneNetnsScene.arpRefused(-87, ALL_OFF), purged).finding();
    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.consequences())
        .singleElement()
        .asString()
        .contains("the queued packet", "QUEUE_PURGE");
  }

  @Test
  void of_a_fault_that_goes_on_only_what_is_new_is_told() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1);
    Conversations conversations = scene.conversations();
    Conversation asked = conversations.add(refusedAt(0).journey());
    Conversation died = conversations.add(diedAt(3000, 1).journey());
    scene.judged(asked);
    Conversation askedAnew = conversations.add(refusedAt(3100).journey());
    Conversation diedLater = conversations.add(diedAt(6100, 2).journey());

    assertThat(Diagnosis.of(List.of(died), List.of(asked), scene.snapshot())).isEmpty();
    assertThat(Diagnosis.of(List.of(askedAnew, diedLater), List.of(asked, died), scene.snapshot()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.packets()).isEqualTo(1);
          assertThat(finding.proof().first().ktimeNs()).isGreaterThan(3_000_000_000L);
          assertThat(finding.consequences())
              .singleElement()
              .asString()
              .contains("seq 2")
              .endsWith(", 3000 ms after the first ARP request");
        });
  }

  @Test
  void two_faults_are_two_findings() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.arpRefused(-22, ALL_OFF));
    scene.happens(OneNetnsScene.echo(7), scene.replyDiedOnLo(7));

    assertThat(scene.findings())
        .extracting(Finding::cause)
        .containsExactlyInAnyOrder(Cause.SOURCE_ADDRESS_IS_LOCAL, Cause.LOOPBACK_DOWN);
  }

  @Test
  void the_same_fault_in_two_namespaces_is_two_findings() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.echo(1));
    scene.knows(OneNetnsScene.netns(200, "veth", ALL_OFF)).happens(scene.replyDiedOnLo(1));
    var otherLo = TestDevice.lo(200, false);
    scene.happens(TracedSkb.of(Packets.udp("10.0.0.1", 1, "10.0.0.1", 2)).dropped(otherLo, 45, 0));

    assertThat(scene.findings())
        .extracting(finding -> finding.place().netnsName())
        .containsExactlyInAnyOrder("blog100", "blog200");
  }

  @Test
  void two_neighbours_that_stay_silent_are_two_findings_each_with_its_own_consequence() {
    List<Finding> findings =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(
                askFor("192.168.1.50"),
                askFor("192.168.1.51"),
                queuedFor("192.168.1.50"),
                queuedFor("192.168.1.51"))
            .findings();

    assertThat(findings).hasSize(2);
    assertThat(findings.get(0).title()).contains("192.168.1.50");
    assertThat(findings.get(0).consequences())
        .hasSize(1)
        .allMatch(t -> t.contains("> 192.168.1.50"));
    assertThat(findings.get(1).title()).contains("192.168.1.51");
    assertThat(findings.get(1).consequences())
        .hasSize(1)
        .allMatch(t -> t.contains("> 192.168.1.51"));
  }

  @Test
  void a_packet_beyond_a_silent_gateway_is_a_consequence_of_the_gateways_silence() {
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(askFor("192.168.1.254"), queuedFor("8.8.8.8"))
            .finding();

    assertThat(finding.title()).isEqualTo("nobody on veth0 answers for 192.168.1.254");
    assertThat(finding.consequences()).hasSize(1);
  }

  @Test
  void a_failed_neighbour_is_not_folded_under_a_fault_that_has_nothing_to_do_with_it() {
    TracedSkb sent =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 5, OneNetnsScene.B, 6))
            .dropped(OneNetnsScene.VETH0, 8, TestKernel.place("nf_hook_slow"));
    List<Finding> findings =
        new OneNetnsScene(TestKernel.V6_1).happens(sent, queuedFor("192.168.1.50")).findings();

    assertThat(findings)
        .extracting(Finding::cause)
        .containsExactly(Cause.NETFILTER, Cause.NEIGHBOUR_UNANSWERED);
    assertThat(findings).allMatch(finding -> finding.consequences().isEmpty());
  }

  @Test
  void drops_for_different_reasons_on_one_device_are_different_findings() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1);
    scene.happens(
        scene.dropped(1, "NETFILTER_DROP", "nf_hook_slow"),
        scene.dropped(2, "NETFILTER_DROP", "nf_hook_slow"),
        scene.dropped(3, "QDISC_DROP", "kfree_skb_list_reason"));

    assertThat(scene.findings()).extracting(Finding::packets).containsExactly(2, 1);
  }

  @Test
  void what_has_a_cause_stands_before_what_has_none() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.echo(1), askFor("192.168.1.50"));
    scene.happens(OneNetnsScene.echo(2), scene.replyDiedOnLo(2));

    assertThat(scene.findings().getFirst().cause()).isEqualTo(Cause.LOOPBACK_DOWN);
    assertThat(scene.findings()).hasSize(3);
  }

  @Test
  void a_conversation_is_settled_when_it_is_answered_or_its_fault_is_known() {
    assertThat(settled(OneNetnsScene.echo(1))).isFalse();
    assertThat(settled(askFor("192.168.1.50"))).isFalse();
    assertThat(settled(OneNetnsScene.arpRefused(-22, ALL_OFF))).isTrue();
    assertThat(settled(OneNetnsScene.arpAsked(), OneNetnsScene.arpAnswered())).isTrue();
    assertThat(
            settled(
                TracedSkb.of(Packets.routerSolicitation())
                    .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)))
        .isTrue();
  }

  private static boolean settled(TracedSkb... skbs) {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1).happens(skbs);
    return scene.conversations().all().stream()
        .allMatch(conversation -> Diagnosis.isSettled(conversation, scene.snapshot()));
  }
}
