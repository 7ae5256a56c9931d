/**
 * Explains packets that a full or discarding queue drops: the qdisc of a device, the backlog of a
 * CPU.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.qdisc;

import org.jspecify.annotations.NullMarked;
