/**
 * Tests of the lab's faults: on the running kernel and in guests with other kernels, with and
 * without other traffic, and with the kernel's names hidden.
 */
@NullMarked
package io.vethtrace.lab.fault;

import org.jspecify.annotations.NullMarked;
