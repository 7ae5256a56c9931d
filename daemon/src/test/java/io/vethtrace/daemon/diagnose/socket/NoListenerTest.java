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

class NoListenerTest {
  private static final int SYN = 2;
  private static final int RST_ACK = 20;
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

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V7_3);
    return Map.of(
        Cause.NO_LISTENER, scene.happens(scene.dropped(1, "NO_SOCKET", "__udp4_lib_rcv")));
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
}
