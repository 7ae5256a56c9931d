/**
 * Faults as data: made in network namespaces of their own, named by an investigation, cured by the
 * printed commands. Enters: YAML files. Leaves: one result a fault, and no namespace.
 */
@NullMarked
package io.vethtrace.cli.lab;

import org.jspecify.annotations.NullMarked;
