package io.vethtrace.daemon.kernel.route;

import io.vethtrace.daemon.kernel.netlink.NetlinkAttributes;
import io.vethtrace.daemon.kernel.netlink.RtnetlinkSocket;
import io.vethtrace.daemon.kernel.netlink.SyscallException;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks the kernel for the ways that packets would take, in the namespace of the calling thread,
 * whose name tells the probes of look-ups to leave that out ({@link NetnsReader}).
 */
public final class RouteReader {
  private static final int AF_INET = 2; // linux/socket.h
  private static final int AF_INET6 = 10;
  private static final int RTA_DST = 1; // linux/rtnetlink.h
  private static final int RTA_SRC = 2;
  private static final int RTA_IIF = 3;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_METRICS = 8;
  private static final int RTA_MARK = 16;
  private static final int RTA_UID = 25;
  private static final int RTAX_MTU = 2;

  /** Nobody's (include/linux/uidgid.h): a rule for some users' packets is not for these. */
  private static final int INVALID_UID = -1;

  private final RtnetlinkSocket netlink;

  public RouteReader(RtnetlinkSocket netlink) {
    this.netlink = netlink;
  }

  /** The answers; and where one is a refusal, what stands behind it. */
  public Routing read(Collection<RouteQuery> questions) throws IOException {
    Map<RouteQuery, RouteAnswer> answers = new HashMap<>();
    for (RouteQuery question : questions) {
      answers.put(question, answer(question));
    }
    List<InetAddress> refused =
        answers.entrySet().stream()
            .filter(entry -> entry.getValue() instanceof RouteAnswer.Refused)
            .map(entry -> entry.getKey().destination())
            .toList();
    return refused.isEmpty()
        ? new Routing(answers, List.of(), List.of())
        : new Routing(answers, routes(refused), rules());
  }

  private RouteAnswer answer(RouteQuery question) throws IOException {
    try {
      return way(
          netlink
              .ask(RtnetlinkSocket.RTM_GETROUTE, RtnetlinkSocket.RTM_NEWROUTE, request(question))
              .orElseThrow(() -> new IOException("no answer about " + question)));
    } catch (SyscallException e) {
      return new RouteAnswer.Refused(e.errno());
    }
  }

  private static byte[] request(RouteQuery question) {
    byte[] destination = question.destination().getAddress();
    byte family = (byte) (destination.length == 4 ? AF_INET : AF_INET6);
    byte bits = (byte) (destination.length * Byte.SIZE);
    ByteBuffer message = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
    message.put(family).put(bits).put(question.source().isPresent() ? bits : 0);
    message.position(Route.RTMSG_BYTES);
    attribute(message, RTA_DST, destination);
    question.source().ifPresent(source -> attribute(message, RTA_SRC, source.getAddress()));
    unlessZero(message, RTA_IIF, question.iif());
    unlessZero(message, RTA_OIF, question.oif());
    unlessZero(message, RTA_MARK, question.mark());
    unlessZero(message, RTA_UID, INVALID_UID);
    byte[] bytes = new byte[message.position()];
    message.flip().get(bytes);
    return bytes;
  }

  private static void attribute(ByteBuffer message, int type, byte[] value) {
    message.putShort((short) (4 + value.length)).putShort((short) type).put(value);
  }

  private static void unlessZero(ByteBuffer message, int type, int value) {
    if (value != 0) {
      message.putShort((short) 8).putShort((short) type).putInt(value);
    }
  }

  private static RouteAnswer way(ByteBuffer message) throws UnknownHostException {
    NetlinkAttributes attributes = new NetlinkAttributes(message, Route.RTMSG_BYTES);
    Optional<byte[]> gateway = attributes.bytes(RTA_GATEWAY);
    return new RouteAnswer.Way(
        RouteType.of(message.get(7)),
        attributes.i32(RTA_OIF).orElse(0),
        gateway.isPresent()
            ? Optional.of(InetAddress.getByAddress(gateway.get()))
            : Optional.empty(),
        attributes
            .nested(RTA_METRICS)
            .map(metrics -> metrics.i32(RTAX_MTU))
            .orElse(OptionalInt.empty()));
  }

  /** A full table of the internet has a million routes: only what covers the destinations stays. */
  private List<Route> routes(List<InetAddress> refused) throws IOException {
    List<Route> routes = new ArrayList<>();
    for (ByteBuffer message :
        netlink.dump(
            RtnetlinkSocket.RTM_GETROUTE, RtnetlinkSocket.RTM_NEWROUTE, Route.RTMSG_BYTES)) {
      // Multicast routes (RTNL_FAMILY_IPMR) and MPLS are dumped too.
      if (message.get(0) == AF_INET || message.get(0) == AF_INET6) {
        Route route = Route.of(message);
        if (refused.stream().anyMatch(route.destination()::contains)) {
          routes.add(route);
        }
      }
    }
    return routes;
  }

  private List<IpRule> rules() throws IOException {
    List<IpRule> rules = new ArrayList<>();
    for (ByteBuffer message :
        netlink.dump(
            RtnetlinkSocket.RTM_GETRULE, RtnetlinkSocket.RTM_NEWRULE, IpRule.HEADER_BYTES)) {
      if (message.get(0) == AF_INET || message.get(0) == AF_INET6) {
        rules.add(IpRule.of(message));
      }
    }
    rules.sort(Comparator.comparing(IpRule::priority, Integer::compareUnsigned));
    return rules;
  }
}
