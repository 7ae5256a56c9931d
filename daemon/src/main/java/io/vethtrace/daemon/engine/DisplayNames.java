package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.diagnose.model.EventNames;
import io.vethtrace.daemon.diagnose.model.HarmlessDrops;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * The names that people read in place of the kernel's numbers.
 *
 * @param symbols the kernel's symbols around an address
 * @param netnsName the name of the namespace with an inode
 * @param mechanisms the mechanism of each probe point that is attached
 */
public record DisplayNames(
    DropReasons reasons,
    LongFunction<KernelSymbols> symbols,
    IntFunction<String> netnsName,
    Map<Hook, String> mechanisms) {

  public DisplayNames {
    mechanisms = Map.copyOf(mechanisms);
  }

  public String reason(Event event) {
    return names(event).reason(event);
  }

  public String location(Event event) {
    return names(event).location(event);
  }

  private EventNames names(Event event) {
    return new EventNames(reasons, symbols.apply(EventNames.address(event)));
  }

  public String netns(int inode) {
    return inode == 0 ? "" : netnsName.apply(inode);
  }

  public String mechanism(Hook hook) {
    return mechanisms.getOrDefault(hook, "");
  }

  public boolean isHarmless(Journey journey) {
    return new HarmlessDrops(reasons, symbols.apply(EventNames.address(journey.last())))
        .isHarmless(journey);
  }
}
