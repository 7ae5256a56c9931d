package io.vethtrace.daemon.diagnose.source;

import static io.vethtrace.daemon.kernel.drop.SourceCheckResult.IP_INVALID_SOURCE;
import static io.vethtrace.daemon.kernel.drop.SourceCheckResult.IP_LOCAL_SOURCE;
import static io.vethtrace.daemon.kernel.drop.SourceCheckResult.IP_RPFILTER;

import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.route.RouteAnswer;
import io.vethtrace.daemon.kernel.route.RouteQuery;
import io.vethtrace.daemon.kernel.route.RouteType;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The decision of fib_validate_source, computed from settings and routes (net/ipv4/fib_frontend.c,
 * 6.18). Each method returns the name of the drop reason, or empty if the source is valid.
 */
final class SourceCheckModel {
  private static final int STRICT = 1;

  private SourceCheckModel() {}

  /**
   * Checks a source of another host: first the type of its route, then the reverse path. With
   * rp_filter off neither is looked at (fib_validate_source).
   */
  static Optional<String> refusalOfForeign(
      NetnsFacts facts, InetAddress source, SourceCheckSysctls settings, int receiver) {
    if (settings.rpFilter() == 0) {
      return Optional.empty();
    }
    return facts
        .details()
        .routing()
        .answer(RouteQuery.to(source))
        .flatMap(answer ->
            switch (answer) {
              case RouteAnswer.Refused _ -> Optional.of(IP_RPFILTER);
              case RouteAnswer.Way way when way.type() != RouteType.UNICAST ->
                  Optional.of(IP_INVALID_SOURCE);
              case RouteAnswer.Way way when way.oif() != receiver ->
                  settings.rpFilter() == STRICT ? Optional.of(IP_RPFILTER) : Optional.empty();
              case RouteAnswer.Way _ -> Optional.empty();
            });
  }

  /** Checks a local source: first accept_local, then the strict reverse path. */
  static Optional<String> refusalOfLocal(SourceCheckSysctls settings, boolean onReceiver) {
    if (!settings.acceptLocal()) {
      return Optional.of(IP_LOCAL_SOURCE);
    }
    return settings.rpFilter() == STRICT && !onReceiver
        ? Optional.of(IP_RPFILTER)
        : Optional.empty();
  }
}
