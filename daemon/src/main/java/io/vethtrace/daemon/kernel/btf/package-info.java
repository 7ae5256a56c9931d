/**
 * Reads BTF, the type information of the kernel and of compiled BPF objects. Enters: bytes. Leaves:
 * types by name. Runs on any thread.
 */
@NullMarked
package io.vethtrace.daemon.kernel.btf;

import org.jspecify.annotations.NullMarked;
