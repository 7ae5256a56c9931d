package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.diagnose.Noise;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The names that people read in place of the kernel's numbers.
 *
 * @param netnsName the name of the namespace with an inode
 * @param mechanisms how each probe point is watched
 */
public record Names(
    DropReasons reasons,
    Symbols symbols,
    IntFunction<String> netnsName,
    Map<Hook, String> mechanisms) {

  public Names {
    mechanisms = Map.copyOf(mechanisms);
  }

  String reason(Event event) {
    return event.has(Event.FLAG_REASON) ? reasons.nameOrNumber(event.reason()) : "";
  }

  String place(Event event) {
    return event.place() == 0 ? "" : symbols.nameOrAddress(event.place());
  }

  String netns(int inode) {
    return inode == 0 ? "" : netnsName.apply(inode);
  }

  String mechanism(Hook hook) {
    return mechanisms.getOrDefault(hook, "");
  }

  Noise noise() {
    return new Noise(reasons, symbols);
  }
}
