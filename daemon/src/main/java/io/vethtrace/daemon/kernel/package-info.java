/**
 * Facts of the running kernel: drop reasons and enums from BTF, symbols, and what one network
 * namespace has set (addresses, devices, sysctls). Enters: files under /proc and /sys. Leaves:
 * immutable values. Reading another namespace happens on a thread of its own, because the thread
 * enters it.
 */
@NullMarked
package io.vethtrace.daemon.kernel;

import org.jspecify.annotations.NullMarked;
