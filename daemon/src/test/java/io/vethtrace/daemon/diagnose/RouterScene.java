package io.vethtrace.daemon.diagnose;

import static io.vethtrace.daemon.fixture.Packets.ip;

import io.vethtrace.daemon.fixture.NetnsFactsBuilder;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.route.IpRule;
import io.vethtrace.daemon.kernel.route.Route;
import io.vethtrace.daemon.kernel.route.RouteAnswer;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.kernel.route.RouteType;
import io.vethtrace.daemon.kernel.route.Routing;
import io.vethtrace.daemon.packet.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A router between a client (10.0.1.2, at left) and a server (10.0.2.2, at right). */
public final class RouterScene {
  static final int CLIENT_NETNS = 200;
  public static final int NETNS = 201;
  public static final String CLIENT = "10.0.1.2";
  public static final String SERVER = "10.0.2.2";
  public static final TestDevice VETH0 = TestDevice.up(CLIENT_NETNS, 2, "veth0");
  public static final TestDevice LEFT = TestDevice.up(NETNS, 2, "left");
  public static final int RIGHT = 3;
  public static final RouteQuery FORWARDED =
      RouteQuery.forwarded(ip(CLIENT), ip(SERVER), LEFT.ifindex());

  private static final IpRule MAIN = lookUp(32766, 254);

  private final Map<String, Integer> sysctls = new HashMap<>();
  private final Map<RouteQuery, RouteAnswer> answers = new HashMap<>();
  private final List<Route> routes = new ArrayList<>();
  private final List<IpRule> rules = new ArrayList<>();
  private String ownAddress = "10.0.1.1";

  public RouterScene() {
    sysctls.put("net.ipv4.ip_forward", 1);
    sysctls.put("net.ipv4.conf.left.forwarding", 1);
    sysctls.put("net.ipv4.conf.left.route_localnet", 0);
    sysctls.put("net.ipv4.conf.all.route_localnet", 0);
  }

  public static IpRule lookUp(int priority, int table) {
    return rule(priority, IpRule.Action.LOOK_UP, table);
  }

  static IpRule rule(int priority, IpRule.Action action, int table) {
    return new IpRule(
        false, priority, action, table, Optional.empty(), Optional.empty(), "", "", 0, 0, false);
  }

  public RouterScene set(String sysctl, int value) {
    sysctls.put(sysctl, value);
    return this;
  }

  public RouterScene refuses(RouteQuery query, int errno) {
    answers.put(query, new RouteAnswer.Refused(errno));
    return this;
  }

  public RouterScene routes(RouteQuery query) {
    answers.put(
        query,
        new RouteAnswer.Way(RouteType.UNICAST, RIGHT, Optional.empty(), OptionalInt.empty()));
    return this;
  }

  public RouterScene has(Route route) {
    routes.add(route);
    return this;
  }

  public RouterScene has(IpRule rule) {
    rules.add(rule);
    return this;
  }

  public RouterScene owns(String address) {
    ownAddress = address;
    return this;
  }

  public NetnsFacts facts() {
    rules.add(MAIN);
    Routing routing = new Routing(answers, routes, rules);
    return NetnsFactsBuilder.netns(NETNS, "router")
        .devices(List.of(device(2, "left", ownAddress), device(RIGHT, "right", "10.0.2.1")))
        .sysctls(sysctls)
        .links(Map.of(2, link(1500), RIGHT, link(1000)))
        .routing(routing)
        .build();
  }

  private static Device device(int ifindex, String name, String address) {
    return new Device(
        ifindex, name, true, false, List.of(ip(address)), OptionalInt.of(0), OptionalInt.of(0));
  }

  private static Link link(int mtu) {
    return new Link(
        "",
        mtu,
        "veth",
        true,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        "noqueue",
        OptionalInt.empty());
  }

  /** The client's packet dies in the router, at this place. */
  public OneNetnsScene drops(Frame frame, String place) {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V7_3).knows(facts());
    return scene.happens(
        TracedSkb.of(frame)
            .across(VETH0, LEFT)
            .dropped(LEFT, scene.kernel.reason("NOT_SPECIFIED"), TestKernel.place(place)));
  }

  public OneNetnsScene dropsEcho(String place) {
    return drops(echo(Packets.TTL), place);
  }

  /** The packet is delivered in this namespace. */
  public OneNetnsScene delivers(Frame frame) {
    return new OneNetnsScene(TestKernel.V7_3)
        .knows(facts())
        .happens(TracedSkb.of(frame).across(VETH0, LEFT).consumed(LEFT));
  }

  public static Frame echo(int ttl) {
    return Packets.ip4(CLIENT, SERVER, Packets.ICMP, 1, ttl, Packets.icmp(8, 0, 9, 1));
  }
}
