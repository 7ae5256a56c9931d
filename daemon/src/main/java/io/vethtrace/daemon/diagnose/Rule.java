package io.vethtrace.daemon.diagnose;

import java.util.List;
import java.util.Optional;

/** Finds one kind of root cause. A pure function: no I/O, no clock, no state. */
@FunctionalInterface
interface Rule {
  /** The finding, or empty where this rule has nothing to say. */
  Optional<Finding> apply(Case question);

  /** All rules. The first that speaks names the root cause: what was observed stands first. */
  List<Rule> ALL =
      List.of(
          new SourceRefused(),
          new LoopbackDown(),
          new LinkDown(),
          new SubnetDown(),
          new NetfilterDrop(),
          new TrafficControlDrop(),
          new XdpDrop(),
          new QueueDrop(),
          new NotForThisHost(),
          new NoListener(),
          new SocketBufferFull(),
          new CpuBacklogFull(),
          new BadChecksum(),
          new ProtocolDisabled(),
          new BridgeRefused(),
          new LookupRefused(),
          new ForwardingDisabled(),
          new RouteRefused(),
          new TtlExpired(),
          new MtuExceeded(),
          new LocalnetRefused(),
          new NoReturnRoute(),
          new SourceRefusalModelled(),
          new ArpSilent(),
          new BridgeSilent(),
          new EchoIgnored(),
          new ListenQueueFull(),
          new NeighbourUnanswered(),
          new OtherDrop(),
          new Unanswered());
}
