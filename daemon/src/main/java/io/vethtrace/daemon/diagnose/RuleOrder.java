package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.bridge.BridgeDidNotForward;
import io.vethtrace.daemon.diagnose.bridge.BridgeIngressDrop;
import io.vethtrace.daemon.diagnose.link.LinkDown;
import io.vethtrace.daemon.diagnose.link.LoopbackDown;
import io.vethtrace.daemon.diagnose.link.NotForThisHost;
import io.vethtrace.daemon.diagnose.link.ProtocolDisabled;
import io.vethtrace.daemon.diagnose.link.SubnetDown;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.diagnose.model.FactRequests;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.RequiredFact;
import io.vethtrace.daemon.diagnose.model.Rule;
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
import io.vethtrace.daemon.trace.Conversation;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * All rules in their order. The first rule that finds something names the root cause: rules that
 * read what the kernel showed stand before rules that conclude from settings and silence.
 */
public final class RuleOrder {
  public static final List<Rule> RULES =
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
          new BridgeDidNotForward(),
          new EchoIgnored(),
          new ListenQueueFull(),
          new NeighbourUnanswered(),
          new OtherDrop(),
          new RequestUnanswered());

  private static final List<RequiredFact> NEEDS =
      RULES.stream().flatMap(rule -> rule.declaration().needs().stream()).distinct().toList();

  private RuleOrder() {}

  /** Returns the finding of the first rule that has one. */
  static Optional<Finding> firstFinding(ConversationView view) {
    for (Rule rule : RULES) {
      Optional<Finding> finding = rule.apply(view);
      if (finding.isPresent()) {
        assert rule.declaration().gives(finding.get().cause()) : undeclared(rule, finding.get());
        return finding;
      }
    }
    return Optional.empty();
  }

  private static String undeclared(Rule rule, Finding finding) {
    return "%s does not declare %s".formatted(rule.getClass().getSimpleName(), finding.cause());
  }

  /** Returns the causes, each as the rule describes it that owns it. */
  static List<DeclaredCause> ownedCauses() {
    return RULES.stream().flatMap(rule -> rule.declaration().owned().stream()).toList();
  }

  /** Returns the facts that the rules need of these conversations. */
  public static FactRequests factsFor(Collection<Conversation> conversations, EventNames names) {
    FactRequests requests = new FactRequests();
    for (Conversation conversation : conversations) {
      NEEDS.forEach(need -> need.request(conversation, names, requests));
    }
    return requests;
  }
}
