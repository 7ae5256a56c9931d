/**
 * Judges conversations while traffic goes on: live findings, and the packets of one command. Takes
 * snapshots of the kernel for both.
 */
@NullMarked
package io.vethtrace.daemon.engine.judge;

import org.jspecify.annotations.NullMarked;
