package io.vethtrace.daemon.diagnose.netfilter;

import io.vethtrace.daemon.trace.NftFields;
import java.util.Optional;

/**
 * A packet at a hook of netfilter.
 *
 * @param in name of the device that it came in by, "" for one's own; empty where that is not known
 * @param out name of the device that it is to leave by, "" for none; empty likewise
 */
record NftPacket(NftFields fields, Optional<String> in, Optional<String> out) {}
