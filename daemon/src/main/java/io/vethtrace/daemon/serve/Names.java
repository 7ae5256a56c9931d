package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.diagnose.EventNames;
import io.vethtrace.daemon.diagnose.Noise;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * The names that people read in place of the kernel's numbers.
 *
 * @param symbols those that have an address, as far as the kernel has it
 * @param netnsName the name of the namespace with an inode
 * @param mechanisms how each probe point is watched
 */
public record Names(
    DropReasons reasons,
    LongFunction<Symbols> symbols,
    IntFunction<String> netnsName,
    Map<Hook, String> mechanisms) {

  public Names {
    mechanisms = Map.copyOf(mechanisms);
  }

  String reason(Event event) {
    return names(event).reason(event);
  }

  String place(Event event) {
    return names(event).place(event);
  }

  private EventNames names(Event event) {
    return new EventNames(reasons, symbols.apply(event.place()));
  }

  String netns(int inode) {
    return inode == 0 ? "" : netnsName.apply(inode);
  }

  String mechanism(Hook hook) {
    return mechanisms.getOrDefault(hook, "");
  }

  boolean isHarmless(Journey journey) {
    return new Noise(reasons, symbols.apply(journey.last().place())).isHarmless(journey);
  }
}
