package io.vethtrace.daemon.engine.capture;

/**
 * The counts of a capture since it began.
 *
 * @param matched frames that belong to one journey
 * @param ambiguous frames that may belong to one of several journeys
 * @param unmatched frames that belong to no journey that is known
 * @param drops drops that no tap saw
 * @param lostByTaps frames that the kernel had no room for
 * @param lostByClient frames that the daemon had no room for while the client was slow
 * @param lostEvents events that were lost meanwhile
 * @param waiting frames that are still to be sent
 */
public record CaptureCounts(
    long matched,
    long ambiguous,
    long unmatched,
    long drops,
    long lostByTaps,
    long lostByClient,
    long lostEvents,
    int waiting) {
  /** Returns how many frames of taps were sent. */
  public long frames() {
    return matched + ambiguous + unmatched;
  }
}
