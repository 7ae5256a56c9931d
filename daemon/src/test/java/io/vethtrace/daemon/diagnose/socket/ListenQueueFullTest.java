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
import io.vethtrace.daemon.kernel.socket.InetSocket;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.packet.Frame;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class ListenQueueFullTest {
  private static final int SYN = 2;
  private static final int SYN_ACK = 18;
  private static final int ACK = 16;
  private static final Frame CONNECT =
      Packets.segment(OneNetnsScene.A, 1000, OneNetnsScene.B, 80, SYN);

  private static TracedSkb dropped(Frame frame, String reason, String place) {
    TracedSkb skb = TracedSkb.of(frame).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    int number = TestKernel.V7_3.reason(reason);
    return skb.dropped(OneNetnsScene.VETH1, number, TestKernel.place(place));
  }

  private static TracedSkb back(Frame frame) {
    return TracedSkb.of(frame).across(OneNetnsScene.VETH1, OneNetnsScene.VETH0);
  }

  private static SocketFacts sockets(InetSocket... sockets) {
    return new SocketFacts(
        true, List.of(sockets), Map.of("TcpExt.ListenOverflows", 4L, "Udp.RcvbufErrors", 3L));
  }

  private static InetSocket socket(int protocol, String address, int port, long queue) {
    return new InetSocket(protocol, ip(address), port, queue, 2, 77);
  }

  /** A SYN arrives, and the socket that it is for has a connection that nobody accepts. */
  public static OneNetnsScene notAccepting(OneNetnsScene scene) {
    return scene
        .details(Map.of("net.core.somaxconn", 4096), sockets(socket(6, "0.0.0.0", 80, 1)))
        .happens(TracedSkb.of(CONNECT).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1));
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.LISTEN_QUEUE_FULL, notAccepting(new OneNetnsScene(TestKernel.V7_3)));
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
}
