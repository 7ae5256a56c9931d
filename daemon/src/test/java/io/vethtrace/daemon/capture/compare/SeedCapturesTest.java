package io.vethtrace.daemon.capture.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.compare.CapturePointPair.Count;
import io.vethtrace.daemon.fixture.SeedCaptures;
import io.vethtrace.daemon.trace.UnansweredRequests;
import io.vethtrace.daemon.trace.UnansweredRequests.Crossing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The experiment that this project began with, as its author captured it. */
class SeedCapturesTest {
  private static CaptureSet before() {
    return CaptureCollector.read(
        List.of(
            SeedCaptures.require("veth0before.pcap"), SeedCaptures.require("veth1before.pcap")));
  }

  private static CaptureSet after() {
    return CaptureCollector.read(
        List.of(SeedCaptures.require("veth0after.pcap"), SeedCaptures.require("veth1after.pcap")));
  }

  private static List<CapturePointPair.Hop> hops(CaptureSet set) {
    return CapturePointPairs.of(set).all().getFirst().hops();
  }

  @Test
  void each_request_on_veth0_has_its_twin_on_veth1_29_to_50_microseconds_later() {
    CapturePointPair pairing = CapturePointPairs.of(before()).all().getFirst();

    assertThat(pairing.countOfOne()).isEqualTo(new Count(15, 0, 0));
    assertThat(pairing.countOfOther()).isEqualTo(new Count(15, 0, 0));
    assertThat(pairing.hops())
        .allMatch(hop -> hop.atOne().number() == hop.atOther().number() && hop.sameBytes())
        .allMatch(hop -> hop.laterNs() >= 29_000 && hop.laterNs() <= 50_000);
    assertThat(pairing.hops().stream().mapToLong(CapturePointPair.Hop::laterNs).min())
        .hasValue(29_000);
    assertThat(pairing.hops().stream().mapToLong(CapturePointPair.Hop::laterNs).max())
        .hasValue(50_000);
  }

  @Test
  void the_fifteen_requests_are_unanswered_though_they_crossed() {
    CaptureSet set = before();
    List<UnansweredFrames> unanswered =
        UnansweredRequestSearch.unanswered(set, CapturePointPairs.of(set));

    assertThat(unanswered).hasSize(1);
    UnansweredRequests silence = unanswered.getFirst().silence();
    assertThat(silence.request()).isEqualTo("ARP who-has 192.168.1.2 tell 192.168.1.1");
    assertThat(silence.requests()).isEqualTo(15);
    assertThat(silence.unanswered()).isEqualTo(15);
    assertThat(silence.leftAt()).isEqualTo("veth0");
    assertThat(silence.crossings()).containsExactly(new Crossing("veth1", 15, 29_000, 50_000));
    assertThat(unanswered.getFirst().frames()).hasSize(30);
  }

  @Test
  void the_reply_came_from_veth1_where_it_was_seen_23_microseconds_earlier() {
    List<CapturePointPair.Hop> hops = hops(after());

    assertThat(hops).hasSize(7);
    assertThat(hops.subList(0, 6)).allMatch(hop -> hop.laterNs() > 0);
    assertThat(hops.getLast().atOne().packet().summary())
        .isEqualTo("ARP reply from 192.168.1.2 to 192.168.1.1");
    assertThat(hops.getLast().laterNs()).isEqualTo(-23_000);
  }

  @Test
  void of_what_was_sent_after_the_cure_the_echoes_alone_are_unanswered() {
    CaptureSet set = after();
    List<UnansweredFrames> unanswered =
        UnansweredRequestSearch.unanswered(set, CapturePointPairs.of(set));

    assertThat(unanswered).hasSize(1);
    assertThat(unanswered.getFirst().silence().unanswered()).isEqualTo(5);
    assertThat(unanswered.getFirst().silence().heardByTarget()).isTrue();
    assertThat(unanswered.getFirst().silence().request()).contains("echo request, id 1878, seq 1");
  }

  @Test
  void captures_of_two_moments_do_not_make_a_pair() {
    CaptureSet set =
        CaptureCollector.read(
            List.of(
                SeedCaptures.require("veth0before.pcap"), SeedCaptures.require("veth1after.pcap")));
    assertThat(CapturePointPairs.of(set).all()).isEmpty();
  }
}
