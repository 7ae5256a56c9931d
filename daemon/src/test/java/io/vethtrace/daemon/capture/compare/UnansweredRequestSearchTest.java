package io.vethtrace.daemon.capture.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.FindingComment;
import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.capture.file.PcapngBytes;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.UnansweredRequests;
import io.vethtrace.daemon.trace.UnansweredRequests.Crossing;
import io.vethtrace.daemon.trace.UnansweredRequests.Fate;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnansweredRequestSearchTest {
  private static final String A = "10.0.0.1";
  private static final String B = "10.0.0.2";
  private static final int SYN = 2;
  private static final int SYN_ACK = 18;
  private static final int RST_ACK = 20;
  private static final Frame ARP = Packets.arpRequest(A, B);
  private static final Frame OTHER = Packets.udp(A, 1, B, 2);

  @TempDir private Path directory;

  private CaptureScene scene() {
    return new CaptureScene(directory);
  }

  private static UnansweredRequests only(CaptureScene scene) {
    List<UnansweredFrames> unanswered = scene.unanswered();
    assertThat(unanswered).hasSize(1);
    return unanswered.getFirst().silence();
  }

  @Test
  void what_is_answered_is_no_finding() {
    CaptureScene scene =
        scene()
            .saw("veth0", 0, ARP)
            .saw("veth0", 100, Packets.arpReply(B, A))
            .saw("veth0", 200, Packets.echo(A, B, 1, 1))
            .saw("veth0", 300, Packets.echoReply(B, A, 1, 1))
            .saw("veth0", 400, Packets.segment(A, 4000, B, 80, SYN))
            .saw("veth0", 500, Packets.segment(B, 80, A, 4000, SYN_ACK))
            .saw("veth0", 600, Packets.segment(A, 4001, B, 81, SYN))
            .saw("veth0", 700, Packets.segment(B, 81, A, 4001, RST_ACK))
            .saw("veth0", 800, Packets.neighbourSolicitation("fe80::1", "fe80::2"))
            .saw("veth0", 900, Packets.neighbourAdvertisement("fe80::1", "fe80::2"))
            .saw("veth0", 9_000_000, OTHER);
    assertThat(scene.unanswered()).isEmpty();
  }

  @Test
  void what_nobody_must_answer_is_no_finding() {
    CaptureScene scene =
        scene()
            .saw("veth0", 0, OTHER)
            .saw("veth0", 100, Packets.arpRequest(A, A)) // announcement, RFC 5227
            .saw("veth0", 200, Packets.arpRequest("0.0.0.0", B)) // probe
            .saw("veth0", 300, Packets.echo(A, "224.0.0.1", 1, 1))
            .sawBroadcast("veth0", 400, Packets.echo(A, "10.0.0.255", 1, 1))
            .saw("veth0", 500, Packets.routerSolicitation())
            .saw("veth0", 600, Packets.segment(A, 4000, B, 80, 16)) // of a connection in progress
            .saw("veth0", 9_000_000, OTHER);
    assertThat(scene.unanswered()).isEmpty();
  }

  @Test
  void a_request_that_was_answered_at_its_second_try_is_no_finding() {
    CaptureScene scene =
        scene()
            .saw("veth0", 0, ARP)
            .saw("veth0", 1_000_000, ARP)
            .saw("veth0", 1_000_100, Packets.arpReply(B, A))
            .saw("veth0", 9_000_000, OTHER);
    assertThat(scene.unanswered()).isEmpty();
  }

  @Test
  void the_last_request_of_a_capture_is_excused_where_the_others_were_answered() {
    CaptureScene scene =
        scene()
            .saw("veth0", 0, Packets.echo(A, B, 1, 1))
            .saw("veth0", 100, Packets.echoReply(B, A, 1, 1))
            .saw("veth0", 1_000_000, Packets.echo(A, B, 1, 2));
    assertThat(scene.unanswered()).isEmpty();
  }

  @Test
  void one_of_several_echoes_without_an_answer_is_counted() {
    UnansweredRequests silence =
        only(
            scene()
                .saw("veth0", 0, Packets.echo(A, B, 1, 1))
                .saw("veth0", 100, Packets.echoReply(B, A, 1, 1))
                .saw("veth0", 1_000_000, Packets.echo(A, B, 1, 2))
                .saw("veth0", 2_000_000, Packets.echo(A, B, 1, 3))
                .saw("veth0", 2_000_100, Packets.echoReply(B, A, 1, 3)));
    assertThat(silence.requests()).isEqualTo(3);
    assertThat(silence.unanswered()).isEqualTo(1);
    assertThat(silence.fate()).isEqualTo(new Fate.Nothing());
  }

  @Test
  void a_connect_without_an_answer_counts_each_try() {
    Frame syn = Packets.segment(A, 4000, B, 80, SYN);
    UnansweredRequests silence =
        only(
            scene().saw("veth0", 0, syn).saw("veth0", 1_000_000, syn).saw("veth0", 3_000_000, syn));
    assertThat(silence.unanswered()).isEqualTo(3);
    assertThat(silence.request()).isEqualTo("TCP 10.0.0.1.4000 > 10.0.0.2.80");
    assertThat(silence.endsCapture()).isTrue();
  }

  @Test
  void a_request_that_did_not_get_to_the_other_end_says_so() {
    UnansweredRequests silence =
        only(
            scene()
                .saw("veth0", 0, OTHER)
                .saw("veth1", 20, OTHER)
                .saw("veth0", 1_000_000, ARP)
                .saw("veth0", 2_000_000, ARP)
                .saw("veth0", 5_000_000, Packets.udp(A, 5, B, 6))
                .saw("veth1", 5_000_020, Packets.udp(A, 5, B, 6)));
    assertThat(silence.leftAt()).isEqualTo("veth0");
    assertThat(silence.crossed()).isFalse();
    assertThat(silence.crossings()).containsExactly(new Crossing("veth1", 0, 0, 0));
  }

  @Test
  void a_capture_without_a_frame_is_a_place_that_saw_none() {
    UnansweredRequests silence = only(scene().saw("veth0", 0, ARP).at("veth1"));
    assertThat(silence.crossings()).containsExactly(new Crossing("veth1", 0, 0, 0));
  }

  @Test
  void a_reply_that_was_lost_on_its_way_back_is_a_finding() {
    UnansweredRequests silence =
        only(
            scene()
                .saw("veth0", 0, ARP)
                .saw("veth1", 30, ARP)
                .saw("veth1", 90, Packets.arpReply(B, A))
                .saw("veth0", 3_000_000, OTHER)
                .saw("veth1", 3_000_030, OTHER));
    assertThat(silence.fate())
        .isEqualTo(new Fate.Lost("ARP reply from 10.0.0.2 to 10.0.0.1", "veth1", "veth0"));
  }

  @Test
  void a_reply_that_came_another_way_is_no_finding() {
    CaptureScene scene =
        scene()
            .saw("veth0", 0, Packets.echo(A, B, 1, 1))
            .saw("veth1", 30, Packets.echo(A, B, 1, 1))
            .saw("lo", 90, Packets.echoReply(B, A, 1, 1))
            .saw("veth0", 3_000_000, OTHER)
            .saw("lo", 3_000_000, OTHER);
    assertThat(scene.unanswered()).isEmpty();
  }

  @Test
  void an_icmp_error_in_place_of_an_answer_is_told() {
    Frame syn = Packets.segment(A, 4000, B, 80, SYN);
    UnansweredRequests silence =
        only(
            scene()
                .saw("veth0", 0, syn)
                .saw("veth0", 100, Packets.portUnreachable("10.0.0.9", A, syn))
                .saw("veth0", 5_000_000, OTHER));
    assertThat(silence.fate())
        .isEqualTo(new Fate.Refused(3, 3, false, "port unreachable", "10.0.0.9"));
  }

  @Test
  void what_the_frames_comments_say_that_was_found_is_told_with_them() {
    FindingComment note = new FindingComment("veth1 refuses (all) of it", "SOME_CAUSE", "OBSERVED");
    String comment = note.comment(List.of("sysctl -w a=1", "ip neigh flush"));
    assertThat(comment)
        .isEqualTo(
            "vethtrace: veth1 refuses (all) of it (SOME_CAUSE, OBSERVED); fix: sysctl -w a=1 && ip"
                + " neigh flush");
    UnansweredRequests silence =
        only(
            scene()
                .sawNoting("veth0", 0, ARP, "vethtrace: veth0@blue → veth1, used", comment)
                .sawNoting("veth0", 1_000_000, ARP, note.comment(List.of()))
                .sawNoting("veth0", 2_000_000, ARP, "seen (SOME_CAUSE, OBSERVED)", "vethtrace: (X")
                .sawNoting("veth1", 30, ARP, comment)
                .saw("veth1", 9_000_000, OTHER));
    assertThat(silence.notes())
        .containsExactly(new UnansweredRequests.Note(note.title(), "SOME_CAUSE", "OBSERVED", 2));
  }

  @Test
  void a_file_full_of_different_notes_fills_no_memory() {
    CaptureScene scene = scene();
    for (int i = 0; i < 1000; i++) {
      scene.sawNoting("veth0", i, ARP, "vethtrace: title " + i + " (CAUSE, OBSERVED)");
    }
    assertThat(only(scene).notes()).hasSize(64);
  }

  @Test
  void the_namespace_is_what_the_file_says() {
    PcapngBytes file =
        PcapngBytes.littleEndian()
            .section()
            .device(
                LinkType.ETHERNET,
                0,
                PcapngBytes.text(2, "veth0"),
                PcapngBytes.text(3, CaptureInterface.ofNetns("blue")));
    assertThat(only(scene().at("veth0", file).saw("veth0", 0, ARP)).netnsName()).isEqualTo("blue");
    assertThat(only(scene().saw("veth0", 0, ARP)).netnsName()).isEmpty();
  }

  @Test
  void of_captures_that_are_too_large_all_end_where_the_first_does() {
    CaptureScene scene = scene();
    for (int i = 0; i < 20; i++) {
      scene.saw("veth0", 1000L * i, Packets.echo(A, B, 1, i));
      scene.saw("veth0", 1000L * i + 100, Packets.echoReply(B, A, 1, i));
      scene.saw("veth1", 1000L * i + 20, Packets.echo(A, B, 1, i));
      scene.saw("veth1", 1000L * i + 80, Packets.echoReply(B, A, 1, i));
    }
    scene.saw("lo", 0, OTHER);
    CaptureSet set = scene.set(45);

    assertThat(set.isWhole()).isFalse();
    assertThat(set.frameRecords()).hasSizeLessThan(45);
    assertThat(set.points().getFirst().frames()).isEqualTo(40);
    assertThat(CapturePointPairs.of(set).all().getFirst().hops()).hasSize(15);
    assertThat(UnansweredRequestSearch.unanswered(set, CapturePointPairs.of(set))).isEmpty();
  }

  @Test
  void traceroute_is_answered_by_time_exceeded() {
    Frame echo = Packets.echo(A, B, 1, 1);
    CaptureScene scene =
        scene()
            .saw("veth0", 0, echo)
            .saw("veth0", 100, Packets.icmpError("10.0.0.9", A, 11, echo))
            .saw("veth0", 5_000_000, OTHER);
    assertThat(scene.unanswered()).isEmpty();
  }
}
