/**
 * Faults as data. Each is made in network namespaces of its own, investigated, and cured by the
 * printed commands. Enters: YAML files of faults and topologies. Leaves: one result for each fault,
 * and no namespace.
 */
@NullMarked
package io.vethtrace.cli.lab;

import org.jspecify.annotations.NullMarked;
