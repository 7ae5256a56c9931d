package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.packet.Icmp;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.ConversationKey.Echo;
import io.vethtrace.daemon.trace.ConversationKey.Flow;
import io.vethtrace.daemon.trace.ConversationKey.Neighbour;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** The requests under one key, at all points, and what came back. */
final class CapturedRequests {
  private static final long NS_PER_SECOND = 1_000_000_000;

  /**
   * The time that an answer may take. The kernel gives up on a neighbour after three tries a second
   * apart (RFC 4861 10); TCP tries for two minutes (tcp_syn_retries).
   */
  private static final long NEIGHBOUR_NS = 5 * NS_PER_SECOND;

  private static final long PATIENT_NS = 128 * NS_PER_SECOND;

  private final ConversationKey key;
  private final List<FrameRecord> requests = new ArrayList<>(2);
  private final List<FrameRecord> replies = new ArrayList<>(2);
  private final List<FrameRecord> errors = new ArrayList<>(0);

  CapturedRequests(ConversationKey key) {
    this.key = key;
  }

  ConversationKey key() {
    return key;
  }

  List<FrameRecord> requests() {
    return requests;
  }

  List<FrameRecord> replies() {
    return replies;
  }

  List<FrameRecord> errors() {
    return errors;
  }

  /** Those that are of one kind between the same two: ports and numbers count up. */
  record Subject(Class<?> kind, InetAddress requester, InetAddress target, int port) {}

  Subject subject() {
    int port = key instanceof Flow flow ? flow.targetPort() : 0;
    return new Subject(key.getClass(), key.requester(), key.target(), port);
  }

  /** Returns true if a packet of this kind must be answered. */
  static boolean isRequest(ConversationKey key, FrameRecord frame) {
    return switch (key) {
      case Neighbour _ -> true;
      case Echo _ -> !frame.isToMany();
      case Flow _ -> frame.packet() instanceof IpPacket ip && ip.isConnect();
      case ConversationKey.Alone _ -> false;
    };
  }

  /** The requests that nothing answered in time: an error is no answer. */
  List<FrameRecord> unanswered() {
    return requests.stream().filter(request -> !isAnswered(request)).toList();
  }

  private boolean isAnswered(FrameRecord request) {
    long patienceNs = key instanceof Neighbour ? NEIGHBOUR_NS : PATIENT_NS;
    return replies.stream().anyMatch(reply -> isWithin(request, reply, patienceNs))
        || errors.stream().anyMatch(CapturedRequests::isTraceroute);
  }

  private static boolean isWithin(FrameRecord request, FrameRecord reply, long patienceNs) {
    long laterNs = reply.unixNs() - request.unixNs();
    return !request.hasTime() || !reply.hasTime() || (laterNs >= 0 && laterNs <= patienceNs);
  }

  /** Returns true for a "time exceeded" error: traceroute provokes it on purpose. */
  private static boolean isTraceroute(FrameRecord error) {
    return error.packet() instanceof IpPacket ip
        && ip.transport() instanceof Icmp icmp
        && icmp.type() == (icmp.v6() ? 3 : 11);
  }
}
