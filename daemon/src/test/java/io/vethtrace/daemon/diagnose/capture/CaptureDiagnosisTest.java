package io.vethtrace.daemon.diagnose.capture;

import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.UnansweredRequests;
import io.vethtrace.daemon.trace.UnansweredRequests.Crossing;
import io.vethtrace.daemon.trace.UnansweredRequests.Fate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureDiagnosisTest {
  private static final ConversationKey ARP =
      new ConversationKey.Neighbour(ip("192.168.1.1"), ip("192.168.1.2"));
  private static final ConversationKey SYN =
      new ConversationKey.Flow(ip("10.0.0.1"), ip("10.0.0.2"), 6, 4000, 80);
  private static final Crossing CROSSED = new Crossing("veth1", 15, 29_000, 50_000);
  private static final Crossing NOT_SEEN = new Crossing("veth1", 0, 0, 0);

  private static CaptureFinding of(ConversationKey key, Fate fate, Crossing... crossings) {
    return of(key, fate, "veth0", crossings);
  }

  private static CaptureFinding of(
      ConversationKey key, Fate fate, String leftAt, Crossing... crossings) {
    return CaptureDiagnosis.of(
        new UnansweredRequests(
            key,
            "the request",
            15,
            15,
            fate,
            leftAt,
            true,
            "",
            false,
            List.of(crossings),
            true,
            List.of()));
  }

  private static CaptureFinding noted(String netnsName, UnansweredRequests.Note... notes) {
    return CaptureDiagnosis.of(
        new UnansweredRequests(
            ARP,
            "the request",
            15,
            15,
            new Fate.Nothing(),
            "veth0",
            true,
            netnsName,
            false,
            List.of(CROSSED),
            false,
            List.of(notes)));
  }

  @Test
  void what_the_capture_notes_is_the_cause_and_its_command_is_asked_for_anew() {
    CaptureFinding finding =
        noted(
            "blue",
            new UnansweredRequests.Note("something new", "CAUSE_OF_TOMORROW", "OBSERVED", 15),
            new UnansweredRequests.Note(
                "veth1 refuses them", "SOURCE_ADDRESS_IS_LOCAL", "OBSERVED", 12));

    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.title())
        .isEqualTo(
            "15 ARP requests from 192.168.1.1 for 192.168.1.2, no answer: veth1 refuses them");
    assertThat(finding.ifname()).isEmpty();
    assertThat(finding.left()).isEmpty();
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains(
            "noted on 15 of them: something new (CAUSE_OF_TOMORROW, OBSERVED)",
            "noted on 12 of them: veth1 refuses them (SOURCE_ADDRESS_IS_LOCAL, OBSERVED)");
    assertThat(finding.settledBy())
        .isEqualTo("vethtrace why -- ip netns exec blue ping -c 1 -I veth0 192.168.1.2");
  }

  @Test
  void a_note_of_no_known_cause_leaves_the_causes_open() {
    for (String cause : List.of("CAUSE_OF_TOMORROW", "UNKNOWN")) {
      CaptureFinding finding =
          noted("", new UnansweredRequests.Note("it is strange", cause, "INFERRED", 15));
      assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
      assertThat(finding.left()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "host",
    "web/nginx[7]",
    "net:[4026532177]",
    "-n",
    "'b; reboot'",
    "'a\nb'",
    "..",
    "''"
  })
  void what_is_no_name_of_a_namespace_gets_into_no_command(String netnsName) {
    assertThat(noted(netnsName).settledBy())
        .isEqualTo("vethtrace why -- ping -c 1 -I veth0 192.168.1.2");
  }

  private static List<Cause> causes(CaptureFinding finding) {
    return finding.left().stream().map(CandidateCause::cause).toList();
  }

  @Test
  void requests_that_crossed_the_link_leave_the_receivers_causes() {
    CaptureFinding finding = of(ARP, new Fate.Nothing(), CROSSED);

    assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(finding.verdict()).isEqualTo(Verdict.UNANSWERED);
    assertThat(finding.title())
        .isEqualTo("15 ARP requests from 192.168.1.1 for 192.168.1.2, no answer");
    assertThat(causes(finding))
        .startsWith(Cause.SOURCE_ADDRESS_IS_LOCAL, Cause.REVERSE_PATH_FILTER)
        .contains(Cause.ARP_IGNORED, Cause.ARP_FILTERED)
        .doesNotContain(Cause.PEER_DOWN, Cause.XDP);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .containsExactly(
            "the request: 15 sent, 15 without an answer",
            "veth1 saw 15 of them, 29 to 50 µs after veth0",
            "the capture ends within a second of the last one: what came later is not in it");
    assertThat(finding.settledBy()).isEqualTo("vethtrace why -- ping -c 1 -I veth0 192.168.1.2");
  }

  @Test
  void requests_that_did_not_arrive_leave_what_is_between() {
    CaptureFinding finding = of(ARP, new Fate.Nothing(), NOT_SEEN);
    assertThat(causes(finding))
        .contains(Cause.XDP, Cause.PEER_DOWN, Cause.BRIDGE_VLAN)
        .doesNotContain(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.explanation()).contains("did not arrive on veth1");
  }

  @Test
  void a_capture_of_one_end_leaves_both() {
    CaptureFinding finding = of(SYN, new Fate.Nothing());
    assertThat(causes(finding)).contains(Cause.SOURCE_ADDRESS_IS_LOCAL, Cause.PEER_DOWN);
    assertThat(finding.explanation()).startsWith("Only veth0 was captured");
    assertThat(finding.title())
        .isEqualTo("15 connection requests from 10.0.0.1 to 10.0.0.2, port 80, no answer");
    assertThat(finding.settledBy())
        .isEqualTo("vethtrace why -- timeout 3 bash -c ': >/dev/tcp/10.0.0.2/80'");
  }

  @Test
  void a_target_that_answered_an_arp_request_takes_packets_from_there() {
    CaptureFinding finding =
        CaptureDiagnosis.of(
            new UnansweredRequests(
                new ConversationKey.Echo(ip("192.168.1.1"), ip("192.168.1.2"), 1, 1),
                "the request",
                5,
                1,
                new Fate.Nothing(),
                "trace",
                false,
                "",
                true,
                List.of(CROSSED),
                false,
                List.of()));
    assertThat(causes(finding))
        .startsWith(Cause.LOOPBACK_DOWN)
        .doesNotContain(Cause.SOURCE_ADDRESS_IS_LOCAL, Cause.REVERSE_PATH_FILTER);
    assertThat(finding.title())
        .isEqualTo("1 of 5 echo requests from 192.168.1.1 to 192.168.1.2, no answer");
    assertThat(finding.settledBy()).isEqualTo("vethtrace why -- ping -c 1 192.168.1.2");
  }

  @Test
  void an_answer_that_was_lost_names_both_places() {
    CaptureFinding finding = of(ARP, new Fate.Lost("the reply", "veth1", "veth0"), CROSSED);
    assertThat(finding.verdict()).isEqualTo(Verdict.DROPPED);
    assertThat(finding.title()).endsWith("the answer was on veth1 and not on veth0");
  }

  @ParameterizedTest
  @CsvSource({
    "3, 0, false, NO_ROUTE",
    "3, 1, false, NEIGHBOUR_UNANSWERED",
    "3, 2, false, PROTOCOL_DISABLED",
    "3, 3, false, NO_LISTENER",
    "3, 4, false, MTU_EXCEEDED",
    "3, 13, false, NETFILTER",
    "5, 0, false, UNKNOWN",
    "1, 0, true, NO_ROUTE",
    "1, 1, true, NETFILTER",
    "1, 3, true, NEIGHBOUR_UNANSWERED",
    "1, 4, true, NO_LISTENER",
    "2, 0, true, MTU_EXCEEDED",
  })
  void an_icmp_error_names_the_cause(int type, int code, boolean v6, Cause cause) {
    CaptureFinding finding = of(SYN, new Fate.Refused(type, code, v6, "some error", "10.0.0.9"));
    assertThat(finding.cause()).isEqualTo(cause);
    assertThat(finding.title()).endsWith("answered by an ICMP error of 10.0.0.9");
    assertThat(finding.explanation())
        .isEqualTo("10.0.0.9 says that it did not get there: some error.");
  }

  @ParameterizedTest
  @CsvSource({"veth0; reboot", "'veth0 '", "any", "-f", "''", "0123456789abcdef", "any#5"})
  void what_is_no_name_of_a_device_gets_into_no_command(String ifname) {
    assertThat(of(ARP, new Fate.Nothing(), ifname, CROSSED).settledBy())
        .isEqualTo("vethtrace why -- ping -c 1 192.168.1.2");
  }
}
