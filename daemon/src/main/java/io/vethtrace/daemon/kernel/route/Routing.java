package io.vethtrace.daemon.kernel.route;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routing of a namespace: the kernel's answers to route queries, and for each refusal the
 * routes and rules that can have caused it.
 *
 * @param answers to each question
 * @param routes the routes that cover a refused destination
 * @param rules in the order in which the kernel walks them
 */
public record Routing(
    Map<RouteQuery, RouteAnswer> answers, List<Route> routes, List<IpRule> rules) {
  /** Nothing was asked. */
  public static final Routing NONE = new Routing(Map.of(), List.of(), List.of());

  public Routing {
    answers = Map.copyOf(answers);
    routes = List.copyOf(routes);
    rules = List.copyOf(rules);
  }

  public Optional<RouteAnswer> answer(RouteQuery query) {
    return Optional.ofNullable(answers.get(query));
  }

  /** The errno with which the kernel refused; empty where it has a way, or was not asked. */
  public Optional<Integer> refusal(RouteQuery query) {
    return answer(query)
        .filter(RouteAnswer.Refused.class::isInstance)
        .map(answer -> ((RouteAnswer.Refused) answer).errno());
  }

  /** The way that the kernel has; empty where it has none, or was not asked. */
  public Optional<RouteAnswer.Way> way(RouteQuery query) {
    return answer(query).filter(RouteAnswer.Way.class::isInstance).map(RouteAnswer.Way.class::cast);
  }

  /** The route or rule that refuses a packet. */
  public sealed interface RefusedBy {
    RouteType type();

    /** An entry of a table. */
    record OfTable(Route route) implements RefusedBy {
      @Override
      public RouteType type() {
        return route.type();
      }
    }

    /** A rule of policy routing. */
    record OfPolicy(IpRule rule) implements RefusedBy {
      @Override
      public RouteType type() {
        return rule.action().refusal().orElseThrow();
      }
    }
  }

  /**
   * The rule or the route that refuses: rules in order, in each table the longest prefix, and a
   * "throw" or no match means the next rule (fib_rules_lookup, net/core/fib_rules.c). Empty where
   * nothing that is known here refuses.
   */
  public Optional<RefusedBy> culprit(RouteQuery query, String iifName, String oifName) {
    for (IpRule rule : rules) {
      if (!rule.matches(query, iifName, oifName)) {
        continue;
      }
      if (rule.action().refusal().isPresent()) {
        return Optional.of(new RefusedBy.OfPolicy(rule));
      }
      Optional<Route> route = longest(rule, query.destination());
      if (route.isPresent() && route.get().type() != RouteType.THROW) {
        return route.filter(r -> r.type().isRefusal()).map(RefusedBy.OfTable::new);
      }
    }
    return Optional.empty();
  }

  private Optional<Route> longest(IpRule rule, InetAddress destination) {
    return routes.stream()
        .filter(route -> rule.action() == IpRule.Action.LOOK_UP)
        .filter(route -> route.table() == rule.table())
        .filter(route -> route.destination().contains(destination))
        .min(
            Comparator.comparingInt((Route route) -> -route.destination().bits())
                .thenComparing(route -> route.metric().orElse(0), Integer::compareUnsigned));
  }
}
