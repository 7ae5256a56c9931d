/**
 * The BPF ring buffer: its memory, its records, and the events that they decode to. Runs on the one
 * reader thread and allocates nothing but events.
 */
@NullMarked
package io.vethtrace.daemon.probe.ring;

import org.jspecify.annotations.NullMarked;
