/** The exact packet counters that the BPF side keeps per CPU, independent of the ring. */
@NullMarked
package io.vethtrace.daemon.probe.counter;

import org.jspecify.annotations.NullMarked;
