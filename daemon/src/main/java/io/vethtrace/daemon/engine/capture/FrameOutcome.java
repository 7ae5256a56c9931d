package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.trace.ConversationKey;
import java.util.List;

/**
 * What became of a packet, or of one of its clones, in the words of a capture's comments.
 *
 * @param faults what refused or dropped it
 * @param way where it went
 * @param conversation that it belongs to
 */
record FrameOutcome(List<String> faults, String way, ConversationKey conversation) {}
