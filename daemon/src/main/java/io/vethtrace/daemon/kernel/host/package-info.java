/**
 * Facts of the host: the capabilities of a process, the features of the kernel, its clocks,
 * settings that all namespaces share.
 */
@NullMarked
package io.vethtrace.daemon.kernel.host;

import org.jspecify.annotations.NullMarked;
