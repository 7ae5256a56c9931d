package io.vethtrace.daemon.diagnose.source;

import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Detection.Outlook;
import io.vethtrace.daemon.diagnose.model.ProbeVisibility;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult;
import io.vethtrace.daemon.trace.Hook;

/** The ways in which a refused source address is found. */
final class SourceCheckDetection {
  /** Finds a source that the settings of the namespace refuse. */
  static final Detection BY_SETTINGS_AND_RESULT = SourceCheckDetection::refused;

  /** Finds a source that is never valid: settings do not show it. */
  static final Detection BY_RESULT = SourceCheckDetection::invalid;

  private SourceCheckDetection() {}

  private static Outlook refused(ProbeVisibility visible) {
    if (visible.sees(Hook.FIB_VALIDATE_SOURCE)) {
      return visible.settingsReadable()
          ? Outlook.observed("the result of fib_validate_source")
          : Outlook.observed("fib_validate_source; whose address it is cannot be read");
    }
    String ip = visible.seesReason(SourceCheckResult.IP_RPFILTER) ? "; of IP packets OBSERVED" : "";
    if (visible.seesArrivalsAndSettings()) {
      return Outlook.inferred("ARP requests, from settings and addresses" + ip);
    }
    return ip.isEmpty()
        ? Outlook.none("neither fib_validate_source nor settings can be read")
        : Outlook.observed("of IP packets, by their drop reason");
  }

  private static Outlook invalid(ProbeVisibility visible) {
    if (visible.sees(Hook.FIB_VALIDATE_SOURCE)) {
      return Outlook.observed("the result of fib_validate_source");
    }
    return visible.seesReason(SourceCheckResult.IP_INVALID_SOURCE)
        ? Outlook.observed("of IP packets, by their drop reason")
        : Outlook.none("fib_validate_source is blind, drops have no such reason");
  }
}
