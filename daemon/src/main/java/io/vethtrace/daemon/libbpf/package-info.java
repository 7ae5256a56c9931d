/**
 * libbpf.so.1 and the few calls of libc beside it, through the foreign function API. Enters: paths,
 * bytes of BPF objects, descriptors. Leaves: handles and mapped memory; errno with every failure.
 * Runs on the caller's thread and keeps no state but what its handles own. The only package with a
 * Linker.
 */
@NullMarked
package io.vethtrace.daemon.libbpf;

import org.jspecify.annotations.NullMarked;
