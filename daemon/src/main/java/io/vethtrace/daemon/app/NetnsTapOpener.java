package io.vethtrace.daemon.app;

import io.vethtrace.daemon.capture.live.Tap;
import io.vethtrace.daemon.capture.live.TapException;
import io.vethtrace.daemon.capture.live.TapOptions;
import io.vethtrace.daemon.capture.live.TapPoint;
import io.vethtrace.daemon.engine.capture.TapOpener;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.netns.NetnsLookup;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.kernel.netns.NetnsReading;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Finds devices in the namespaces of this machine and opens taps on them. */
record NetnsTapOpener(NetnsLookup namespaces, NetnsReader reader) implements TapOpener {
  private static final String VETH = "veth";

  @Override
  public TapPoint find(int netns, String ifname) throws TapException {
    NetnsFacts facts = read(netns == 0 ? namespaces.host().inode() : netns);
    return facts
        .device(ifname)
        .map(device -> point(facts, device))
        .orElseThrow(() ->
            new TapException(
                TapException.Kind.NO_DEVICE,
                "there is no interface '%s' in network namespace %s; ip link shows those that are"
                    .formatted(ifname, facts.displayName())));
  }

  private NetnsFacts read(int netns) throws TapException {
    return switch (reader.read(netns)) {
      case NetnsReading.Read(NetnsFacts facts) -> facts;
      case NetnsReading.Unreadable(String why) ->
          throw new TapException(TapException.Kind.NOT_POSSIBLE, why);
    };
  }

  private static TapPoint point(NetnsFacts facts, Device device) {
    boolean isVeth =
        facts.details().link(device.ifindex()).filter(link -> link.kind().equals(VETH)).isPresent();
    return new TapPoint(
        facts.inode(),
        facts.displayName(),
        device.ifindex(),
        device.name(),
        isVeth || device.loopback(),
        device.loopback());
  }

  @Override
  public TapPoint peerOf(TapPoint end) throws TapException {
    NetnsFacts here = read(end.netns());
    Link link =
        here.details()
            .link(end.ifindex())
            .filter(known -> known.kind().equals(VETH))
            .orElseThrow(() ->
                new TapException(
                    TapException.Kind.NO_DEVICE,
                    end.label() + " is no end of a veth pair; name it with -i instead"));
    return other(here, link)
        .orElseThrow(() ->
            new TapException(
                TapException.Kind.NO_DEVICE,
                "the other end of %s is in a network namespace that cannot be found"
                    .formatted(end.label())));
  }

  private Optional<TapPoint> other(NetnsFacts here, Link link) throws TapException {
    if (link.lower().isEmpty()) {
      return Optional.empty();
    }
    Optional<Integer> netns = Optional.of(here.inode());
    if (link.netnsid().isPresent()) {
      int netnsid = link.netnsid().getAsInt();
      netns = reader.withNamespaces(here, Set.of(netnsid)).details().linkLayer().namespace(netnsid);
    }
    if (netns.isEmpty()) {
      return Optional.empty();
    }
    NetnsFacts there = read(netns.get());
    return there.device(link.lower().getAsInt()).map(device -> point(there, device));
  }

  @Override
  public Tap open(TapPoint point, TapOptions options) throws TapException {
    try {
      return reader.inside(point.netns(), () -> Tap.open(point, options));
    } catch (TapException e) {
      throw e;
    } catch (IOException e) {
      throw new TapException(TapException.Kind.NOT_POSSIBLE, point.label() + ": " + e.getMessage());
    } catch (Exception e) {
      throw new IllegalStateException("opening a tap on " + point.label(), e);
    }
  }
}
