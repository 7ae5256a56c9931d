package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.drop.DropLocations;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;

/** What people read in place of an event's numbers, in the same words on every kernel. */
public record EventNames(DropReasons reasons, KernelSymbols symbols) {
  private static final String NOT_SPECIFIED = "NOT_SPECIFIED";

  /**
   * The drop reason's name or number. On a kernel without reasons the place says it where it can;
   * else, and for other hooks than kfree_skb, empty.
   */
  public String reason(Event event) {
    if (event.has(Event.FLAG_REASON)) {
      return reasons.nameOrNumber(event.reason());
    }
    return event.hook() == Hook.KFREE_SKB ? DropLocations.reason(location(event)).orElse("") : "";
  }

  /** The function that freed the skb, or its address; empty where the hook has no place. */
  public String location(Event event) {
    return event.location() == 0 ? "" : symbols.nameOrAddress(event.location());
  }

  /** Returns true if the kernel names no reason for this drop, or NOT_SPECIFIED. */
  public boolean isReasonless(Event drop) {
    return !drop.has(Event.FLAG_REASON)
        || reasons.name(drop.reason()).filter(name -> !name.equals(NOT_SPECIFIED)).isEmpty();
  }

  /** Returns true if the kernel names neither reason nor location: it has none, or hides them. */
  public boolean isNameless(Event drop) {
    return isReasonless(drop) && symbols.name(drop.location()).isEmpty();
  }
}
