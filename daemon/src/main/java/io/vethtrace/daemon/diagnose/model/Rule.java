package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.diagnose.bridge.BridgeEgressMissing;
import io.vethtrace.daemon.diagnose.bridge.BridgeIngressDrop;
import io.vethtrace.daemon.diagnose.link.LinkDown;
import io.vethtrace.daemon.diagnose.link.LoopbackDown;
import io.vethtrace.daemon.diagnose.link.NotForThisHost;
import io.vethtrace.daemon.diagnose.link.ProtocolDisabled;
import io.vethtrace.daemon.diagnose.link.SubnetDown;
import io.vethtrace.daemon.diagnose.neighbour.ArpReplySuppressed;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourUnanswered;
import io.vethtrace.daemon.diagnose.netfilter.NetfilterDrop;
import io.vethtrace.daemon.diagnose.qdisc.CpuBacklogFull;
import io.vethtrace.daemon.diagnose.qdisc.QdiscDrop;
import io.vethtrace.daemon.diagnose.route.DropWithoutRoute;
import io.vethtrace.daemon.diagnose.route.ForwardingDisabled;
import io.vethtrace.daemon.diagnose.route.LocalnetRefused;
import io.vethtrace.daemon.diagnose.route.MtuExceeded;
import io.vethtrace.daemon.diagnose.route.NoReturnRoute;
import io.vethtrace.daemon.diagnose.route.RouteLookupFailed;
import io.vethtrace.daemon.diagnose.route.TtlExpired;
import io.vethtrace.daemon.diagnose.socket.BadChecksum;
import io.vethtrace.daemon.diagnose.socket.EchoIgnored;
import io.vethtrace.daemon.diagnose.socket.ListenQueueFull;
import io.vethtrace.daemon.diagnose.socket.NoListener;
import io.vethtrace.daemon.diagnose.socket.SocketBufferFull;
import io.vethtrace.daemon.diagnose.source.InferredSourceRefusal;
import io.vethtrace.daemon.diagnose.source.SourceRefused;
import io.vethtrace.daemon.diagnose.tc.TcFilterDrop;
import io.vethtrace.daemon.diagnose.tc.XdpDrop;
import io.vethtrace.daemon.diagnose.unexplained.OtherDrop;
import io.vethtrace.daemon.diagnose.unexplained.RequestUnanswered;
import java.util.List;
import java.util.Optional;

/** Finds one kind of root cause. A pure function: no I/O, no clock, no state. */
@FunctionalInterface
public interface Rule {
  /** The finding, or empty where this rule has nothing to say. */
  Optional<Finding> apply(ConversationView view);

  /** All rules. The first that speaks names the root cause: what was observed stands first. */
  List<Rule> ALL =
      List.of(
          new SourceRefused(),
          new LoopbackDown(),
          new LinkDown(),
          new SubnetDown(),
          new NetfilterDrop(),
          new TcFilterDrop(),
          new XdpDrop(),
          new QdiscDrop(),
          new NotForThisHost(),
          new NoListener(),
          new SocketBufferFull(),
          new CpuBacklogFull(),
          new BadChecksum(),
          new ProtocolDisabled(),
          new BridgeIngressDrop(),
          new RouteLookupFailed(),
          new ForwardingDisabled(),
          new DropWithoutRoute(),
          new TtlExpired(),
          new MtuExceeded(),
          new LocalnetRefused(),
          new NoReturnRoute(),
          new InferredSourceRefusal(),
          new ArpReplySuppressed(),
          new BridgeEgressMissing(),
          new EchoIgnored(),
          new ListenQueueFull(),
          new NeighbourUnanswered(),
          new OtherDrop(),
          new RequestUnanswered());
}
