package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.trace.ConversationKey;
import java.util.List;

/**
 * The outcome of a packet, or of one of its clones, in the words of a capture's comments.
 *
 * @param faults sentences on what refused or dropped it
 * @param way the devices that it passed, and its end
 * @param conversation the conversation that it belongs to
 */
record FrameOutcome(List<String> faults, String way, ConversationKey conversation) {}
