package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.drop.DropLocations;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.trace.Event;
import java.util.Optional;
import java.util.OptionalInt;

/** Names for an event's numbers, the same on every kernel. */
public record EventNames(DropReasons reasons, KernelSymbols symbols) {
  private static final String NOT_SPECIFIED = "NOT_SPECIFIED";

  /**
   * Returns the drop reason's name or number. On a kernel without reasons the location stands for a
   * reason if it has only one. Otherwise, and for other hooks than kfree_skb, empty.
   */
  public String reason(Event event) {
    OptionalInt number = reasonNumber(event);
    if (number.isPresent()) {
      return reasons.nameOrNumber(number.getAsInt());
    }
    return event instanceof Event.Drop ? DropLocations.reason(location(event)).orElse("") : "";
  }

  /** The function that freed the skb, or its address; empty where the hook has no place. */
  public String location(Event event) {
    long address = address(event);
    return address == 0 ? "" : symbols.nameOrAddress(address);
  }

  /** The address in the function that freed the skb; 0 if the event is no free. */
  public static long address(Event event) {
    return event instanceof Event.SkbFree free ? free.location() : 0;
  }

  /** The number of the drop reason; empty if the event is no drop or the kernel has no reasons. */
  public static OptionalInt reasonNumber(Event event) {
    return event instanceof Event.Drop drop ? drop.reason() : OptionalInt.empty();
  }

  /** Returns true if the kernel names no reason for this drop, or NOT_SPECIFIED. */
  public boolean isReasonless(Event drop) {
    return reasonNumber(drop).stream()
        .mapToObj(reasons::name)
        .flatMap(Optional::stream)
        .allMatch(NOT_SPECIFIED::equals);
  }

  /** Returns true if the kernel names neither reason nor location: it has none, or hides them. */
  public boolean isNameless(Event drop) {
    return isReasonless(drop) && symbols.name(address(drop)).isEmpty();
  }
}
