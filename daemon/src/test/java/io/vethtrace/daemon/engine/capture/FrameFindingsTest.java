package io.vethtrace.daemon.engine.capture;

import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.trace.ConversationKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrameFindingsTest {
  private static final ConversationKey ASKED =
      new ConversationKey.Neighbour(ip("192.168.1.1"), ip("192.168.1.2"));
  private static final ConversationKey OTHER =
      new ConversationKey.Neighbour(ip("192.168.1.1"), ip("192.168.1.3"));

  private final FrameFindings findings = new FrameFindings();

  private static long ns(double seconds) {
    return (long) (seconds * 1e9);
  }

  private void told(String comment, double from, double at) {
    findings.add(ASKED, comment, ns(from), ns(at));
  }

  private List<String> at(double seconds) {
    return findings.of(Set.of(ASKED), ns(seconds)).toList();
  }

  @Test
  void a_finding_holds_from_its_first_packet_until_it_would_be_told_again() {
    told("refused", 10, 13);
    assertThat(at(9)).as("well before").isEmpty();
    assertThat(at(9.95)).as("a tap sees it a moment before").containsExactly("refused");
    assertThat(at(12)).containsExactly("refused");
    assertThat(at(27)).containsExactly("refused");
    assertThat(at(29)).isEmpty();
    assertThat(findings.of(Set.of(OTHER), ns(12))).isEmpty();
  }

  @Test
  void of_two_findings_a_frame_has_the_one_that_was_told_after_it() {
    told("refused", 10, 13);
    told("ignored", 20, 23);
    assertThat(at(12)).containsExactly("refused");
    assertThat(at(14)).as("told again or not is not known yet").containsExactly("refused");
    assertThat(at(21)).containsExactly("ignored");
    assertThat(at(30)).containsExactly("ignored");
  }

  @Test
  void what_is_answered_has_no_finding_from_then_on() {
    told("refused", 10, 13);
    findings.answered(OTHER, ns(14));
    findings.answered(ASKED, ns(15));
    assertThat(at(14)).containsExactly("refused");
    assertThat(at(14.999)).as("the request that was answered").isEmpty();
    assertThat(at(16)).isEmpty();

    told("ignored", 20, 23);
    assertThat(at(21)).containsExactly("ignored");
  }

  @Test
  void a_capture_of_weeks_keeps_few() {
    for (int i = 0; i < 10_000; i++) {
      findings.add(
          new ConversationKey.Neighbour(ip("10.0.0.1"), ip("10.1." + i / 256 + "." + i % 256)),
          "x",
          0,
          1);
      told("again " + i, i, i);
    }
    assertThat(at(9_999)).containsExactly("again 9999");
    assertThat(
            findings.of(Set.of(new ConversationKey.Neighbour(ip("10.0.0.1"), ip("10.1.0.0"))), 1))
        .isEmpty();
  }
}
