package io.vethtrace.daemon.diagnose.source;

import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The narrowest settings that let a source pass on one receiving device. Loose mode (2) instead of
 * off: it is the maximum of "all" and the device, so setting the device decides, whatever "all" is
 * (IN_DEV_RPFILTER, include/linux/inetdevice.h); and it still asks that some route to the source
 * exists (net/ipv4/fib_frontend.c, __fib_validate_source).
 *
 * @param device the receiving device
 * @param prefix what makes a command act in the device's namespace
 */
record SourceSysctlFix(String device, String prefix) {
  private static final int STRICT = 1;

  /** Accept the namespace's own addresses; loosen strict mode too, which would refuse them next. */
  Fix acceptLocal(Optional<SourceCheckSysctls> settings) {
    List<String> commands = new ArrayList<>();
    commands.add(set("accept_local", 1));
    if (settings.filter(s -> s.rpFilter() == STRICT).isPresent()) {
      commands.add(set("rp_filter", 2));
    }
    return new Fix(
        commands,
        "Until the next boot. %s then takes packets that claim to come from this namespace itself:"
                .formatted(device)
            + " do this on links that you trust.");
  }

  /** Ask only that some route to the source exists. */
  Fix loosen() {
    return new Fix(
        List.of(set("rp_filter", 2)),
        "Until the next boot. Loose mode on %s alone: a source must still be routable, by any device."
            .formatted(device));
  }

  private String set(String setting, int value) {
    String assignment = "%s=%d".formatted(DeviceSysctl.ipv4Conf(device, setting), value);
    return "%ssysctl -w %s".formatted(prefix, ShellWord.of(assignment));
  }
}
