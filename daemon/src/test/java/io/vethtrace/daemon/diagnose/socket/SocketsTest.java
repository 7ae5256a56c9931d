package io.vethtrace.daemon.diagnose.socket;

import static io.vethtrace.daemon.fixture.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.kernel.socket.InetSocket;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.packet.Frame;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Packets that arrive and that no socket takes, and those that a socket has no room for. */
public class SocketsTest {
  private static final int SYN = 2;
  private static final int RST_ACK = 20;
  private static final int SYN_ACK = 18;
  private static final int ACK = 16;

  private static final Frame CONNECT =
      Packets.segment(OneNetnsScene.A, 1000, OneNetnsScene.B, 80, SYN);
  private static final Frame DATAGRAM = Packets.udp(OneNetnsScene.A, 1000, OneNetnsScene.B, 7);

  private static TracedSkb dropped(Frame frame, String reason, String place) {
    TracedSkb skb = TracedSkb.of(frame).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    int number = TestKernel.V7_3.reason(reason);
    return skb.dropped(OneNetnsScene.VETH1, number, TestKernel.place(place));
  }

  private static TracedSkb freed(Frame frame, String place) {
    return TracedSkb.of(frame)
        .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
        .droppedWithoutReason(OneNetnsScene.VETH1, TestKernel.place(place));
  }

  private static TracedSkb back(Frame frame) {
    return TracedSkb.of(frame).across(OneNetnsScene.VETH1, OneNetnsScene.VETH0);
  }

  private static TracedSkb reset() {
    return back(Packets.segment(OneNetnsScene.B, 80, OneNetnsScene.A, 1000, RST_ACK));
  }

  private static SocketFacts sockets(InetSocket... sockets) {
    return new SocketFacts(
        true, List.of(sockets), Map.of("TcpExt.ListenOverflows", 4L, "Udp.RcvbufErrors", 3L));
  }

  private static InetSocket socket(int protocol, String address, int port, long queue) {
    return new InetSocket(protocol, ip(address), port, queue, 2, 77);
  }

  @Test
  void a_broadcast_that_nobody_listens_to_is_no_fault_and_a_datagram_is() {
    Frame datagram = Packets.udp(OneNetnsScene.A, 1000, "192.168.1.255", 99);
    Frame broadcast = Packets.to("ff:ff:ff:ff:ff:ff", datagram);
    for (Frame frame : List.of(broadcast, Packets.to("02:00:00:00:00:01", datagram))) {
      OneNetnsScene scene =
          new OneNetnsScene(TestKernel.V7_3)
              .happens(dropped(frame, "NOT_SPECIFIED", "__udp4_lib_rcv"));
      assertThat(scene.findings()).hasSize(frame == broadcast ? 0 : 1);
    }
  }

  @Test
  void a_connection_that_is_refused_finds_no_listener_and_the_reset_is_a_consequence() {
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3)
            .details(Map.of(), sockets())
            .happens(dropped(CONNECT, "NO_SOCKET", "tcp_v4_rcv"), reset())
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.NO_LISTENER);
    assertThat(finding.confidence()).isEqualTo(Confidence.OBSERVED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    assertThat(finding.title())
        .isEqualTo("nobody listens on 192.168.1.2:80 (TCP) in namespace blog100");
    assertThat(finding.evidence())
        .contains(new Evidence(Evidence.Kind.SOCKET, "no TCP socket in blog100 has port 80"));
    assertThat(finding.consequences())
        .singleElement()
        .asString()
        .contains("a reset, was sent back");
    assertThat(finding.fixes()).isEmpty();
  }

  @Test
  void who_listens_at_another_address_is_named() {
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3)
            .details(Map.of(), sockets(socket(6, "127.0.0.1", 80, 0), socket(6, "::1", 80, 0)))
            .happens(dropped(CONNECT, "NO_SOCKET", "tcp_v4_rcv"), reset())
            .finding();

    assertThat(finding.evidence())
        .contains(
            new Evidence(
                Evidence.Kind.SOCKET, "TCP port 80 is open on 127.0.0.1:80, [::1]:80 only"));
    assertThat(finding.explanation()).contains("must listen on 192.168.1.2, or on all addresses");
  }

  @Test
  void without_reasons_what_was_sent_back_tells() {
    TracedSkb unreachable =
        back(Packets.portUnreachable(OneNetnsScene.B, OneNetnsScene.A, DATAGRAM));
    OneNetnsScene told =
        new OneNetnsScene(TestKernel.V5_10).happens(freed(DATAGRAM, "__udp4_lib_rcv"), unreachable);
    assertThat(told.finding().cause()).isEqualTo(Cause.NO_LISTENER);
    assertThat(told.finding().consequences()).hasSize(1);

    OneNetnsScene refused =
        new OneNetnsScene(TestKernel.V5_10).happens(freed(CONNECT, "tcp_v4_rcv"), reset());
    assertThat(refused.finding().cause()).isEqualTo(Cause.NO_LISTENER);

    OneNetnsScene silent =
        new OneNetnsScene(TestKernel.V5_10).happens(freed(DATAGRAM, "__udp4_lib_rcv"));
    assertThat(silent.finding().cause()).isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void behind_nat_the_port_is_the_one_that_the_container_has() {
    TracedSkb skb =
        TracedSkb.of(Packets.segment(OneNetnsScene.A, 1000, "192.168.1.9", 8080, SYN))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .as(CONNECT)
            .dropped(OneNetnsScene.VETH1, 3, TestKernel.place("tcp_v4_rcv"));
    assertThat(new OneNetnsScene(TestKernel.V7_3).happens(skb, reset()).finding().title())
        .contains("192.168.1.2:80 (TCP)");
  }

  @Test
  void late_segments_resets_and_a_reply_that_nobody_waits_for_are_noise() {
    Frame late = Packets.segment(OneNetnsScene.A, 1000, OneNetnsScene.B, 80, ACK);
    Frame lateReset = Packets.segment(OneNetnsScene.A, 1000, OneNetnsScene.B, 80, RST_ACK);
    Frame reply = Packets.udp(OneNetnsScene.B, 7, OneNetnsScene.A, 1000);
    TracedSkb unread =
        dropped(
            Packets.udp(OneNetnsScene.A, 9, OneNetnsScene.B, 9),
            "QUEUE_PURGE",
            "inet_sock_destruct");
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3)
            .happens(
                dropped(late, "NO_SOCKET", "tcp_v4_rcv"),
                dropped(late, "NOT_SPECIFIED", "tcp_rcv_state_process"),
                dropped(lateReset, "NO_SOCKET", "tcp_v4_rcv"),
                unread,
                TracedSkb.of(DATAGRAM).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1),
                back(reply).dropped(OneNetnsScene.VETH0, 3, TestKernel.place("__udp4_lib_rcv")));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_full_receive_buffer_is_told_also_where_no_answer_is_due() {
    TracedSkb first = TracedSkb.of(DATAGRAM).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    TracedSkb answer = back(Packets.udp(OneNetnsScene.B, 7, OneNetnsScene.A, 1000));
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3)
            .details(
                Map.of("net.core.rmem_max", 212992), sockets(socket(17, OneNetnsScene.B, 7, 2304)))
            .happens(first, answer, dropped(DATAGRAM, "SOCKET_RCVBUFF", "udp_queue_rcv_one_skb"))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.SOCKET_BUFFER_FULL);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains(
            "the socket at 192.168.1.2:7 holds 2304 bytes of unread datagrams and has dropped 2"
                + " (inode 77)",
            "UdpRcvbufErrors: 3",
            "net.core.rmem_max: 212992; SO_RCVBUF gets no more");
    OneNetnsScene old =
        new OneNetnsScene(TestKernel.V5_10).happens(freed(DATAGRAM, "__udp_queue_rcv_skb"));
    assertThat(old.finding().cause()).isEqualTo(Cause.SOCKET_BUFFER_FULL);
  }

  /** A SYN arrives, and the socket that it is for has a connection that nobody accepts. */
  public static OneNetnsScene notAccepting(OneNetnsScene scene) {
    return scene
        .details(Map.of("net.core.somaxconn", 4096), sockets(socket(6, "0.0.0.0", 80, 1)))
        .happens(TracedSkb.of(CONNECT).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1));
  }

  @Test
  void without_a_reason_the_sockets_own_queue_tells_that_it_is_full() {
    TracedSkb skb = freed(DATAGRAM, "udp_queue_rcv_one_skb");
    OneNetnsScene full =
        new OneNetnsScene(TestKernel.V5_10)
            .details(Map.of(), sockets(socket(17, OneNetnsScene.B, 7, 2304)))
            .happens(skb);
    assertThat(full.finding().cause()).isEqualTo(Cause.SOCKET_BUFFER_FULL);
    assertThat(full.finding().confidence()).isEqualTo(Confidence.INFERRED);

    OneNetnsScene empty =
        new OneNetnsScene(TestKernel.V5_10)
            .details(Map.of(), sockets(socket(17, OneNetnsScene.B, 7, 0)))
            .happens(skb);
    assertThat(empty.finding().cause()).isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void a_silent_listener_whose_queue_is_not_empty_does_not_accept() {
    OneNetnsScene scene = notAccepting(new OneNetnsScene(TestKernel.V5_10));
    Finding finding = scene.finding();

    assertThat(finding.cause()).isEqualTo(Cause.LISTEN_QUEUE_FULL);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.hook()).isEqualTo("tcp_conn_request");
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains(
            "1 connections wait to be accepted by the socket at 0.0.0.0:80 (inode 77)",
            "TcpExtListenOverflows: 4");
    scene.happens(back(Packets.segment(OneNetnsScene.B, 80, OneNetnsScene.A, 1000, SYN_ACK)));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void an_empty_queue_is_not_the_reason_of_a_silence() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3).details(Map.of(), sockets(socket(6, "0.0.0.0", 80, 0)));
    scene.happens(TracedSkb.of(CONNECT).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void the_last_ack_of_a_handshake_is_dropped_with_a_reason() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3)
            .details(Map.of(), sockets(socket(6, OneNetnsScene.B, 80, 1)));
    scene.happens(
        TracedSkb.of(CONNECT).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1),
        back(Packets.segment(OneNetnsScene.B, 80, OneNetnsScene.A, 1000, SYN_ACK)),
        dropped(
            Packets.segment(OneNetnsScene.A, 1000, OneNetnsScene.B, 80, ACK),
            "TCP_LISTEN_OVERFLOW",
            "tcp_v4_rcv"));
    assertThat(scene.finding().cause()).isEqualTo(Cause.LISTEN_QUEUE_FULL);
    assertThat(scene.finding().confidence()).isEqualTo(Confidence.OBSERVED);
  }

  @Test
  void a_full_backlog_of_a_cpu_is_cured_on_the_host() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3)
            .host(new HostFacts(OptionalInt.of(1000), List.of(5L, 2L)))
            .happens(dropped(DATAGRAM, "CPU_BACKLOG", "enqueue_to_backlog"));
    Finding finding = scene.finding();

    assertThat(finding.cause()).isEqualTo(Cause.CPU_BACKLOG_FULL);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains(
            "net.core.netdev_max_backlog: 1000",
            "/proc/net/softnet_stat: 7 packets dropped on all CPUs");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("sysctl -w net.core.netdev_max_backlog=4000");
    assertThat(scene.host(HostFacts.NONE).finding().fixes()).isEmpty();
  }
}
