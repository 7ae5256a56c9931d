/**
 * Explains addresses that nobody answers for by ARP or neighbour discovery, settings that suppress
 * ARP replies, and packets that wait for a neighbour.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.neighbour;

import org.jspecify.annotations.NullMarked;
