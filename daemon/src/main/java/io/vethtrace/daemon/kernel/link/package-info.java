/**
 * The devices of a network namespace as rtnetlink describes them: links, bridges and their ports,
 * addresses, neighbours.
 */
@NullMarked
package io.vethtrace.daemon.kernel.link;

import org.jspecify.annotations.NullMarked;
