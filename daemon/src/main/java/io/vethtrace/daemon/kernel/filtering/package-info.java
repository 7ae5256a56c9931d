/**
 * The configuration of a network namespace that drops or queues packets: the nftables ruleset, tc
 * filters, qdiscs.
 */
@NullMarked
package io.vethtrace.daemon.kernel.filtering;

import org.jspecify.annotations.NullMarked;
