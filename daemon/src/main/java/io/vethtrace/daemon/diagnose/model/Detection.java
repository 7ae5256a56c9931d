package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.trace.Hook;
import java.util.Optional;

/** The way in which a cause is found. Causes that share one are printed together by doctor. */
@FunctionalInterface
public interface Detection {
  /** Finds the cause by the reason, location and device of a drop. */
  Detection BY_DROP =
      visible -> {
        if (!visible.sees(Hook.KFREE_SKB)) {
          return Outlook.none("kfree_skb is blind");
        }
        String named = visible.locationsNamed() ? "named place" : "numeric place";
        return visible.reasons().areNamed()
            ? Outlook.observed("drops, with reason and " + named)
            : Outlook.observed("drops, with " + named + " and no reason");
      };

  /** Concludes the cause from the settings of a namespace that received a packet in silence. */
  Detection BY_SETTINGS =
      visible ->
          visible.seesArrivalsAndSettings()
              ? Outlook.inferred("what arrives and gets no answer, and settings")
              : Outlook.none("needs what arrives, and settings");

  /** Returns the best that is possible on this kernel. */
  Outlook on(ProbeVisibility visible);

  /**
   * The best that is possible on one kernel.
   *
   * @param confidence empty if the cause cannot be found
   * @param why the facts that it rests on, or that are missing: the words of doctor
   */
  record Outlook(Optional<Confidence> confidence, String why) {
    public static Outlook observed(String why) {
      return new Outlook(Optional.of(Confidence.OBSERVED), why);
    }

    public static Outlook inferred(String why) {
      return new Outlook(Optional.of(Confidence.INFERRED), why);
    }

    public static Outlook none(String why) {
      return new Outlook(Optional.empty(), why);
    }
  }
}
