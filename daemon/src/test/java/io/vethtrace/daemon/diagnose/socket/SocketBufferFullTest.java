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

class SocketBufferFullTest {
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
        Cause.SOCKET_BUFFER_FULL,
        scene.happens(scene.dropped(1, "SOCKET_RCVBUFF", "udp_queue_rcv_one_skb")));
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
}
