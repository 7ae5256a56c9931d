/**
 * Network namespaces: finds them by inode, names them, enters them, and reads their facts. Leaves:
 * immutable values. Each reading runs on a thread of its own, because that thread enters the
 * namespace.
 */
@NullMarked
package io.vethtrace.daemon.kernel.netns;

import org.jspecify.annotations.NullMarked;
