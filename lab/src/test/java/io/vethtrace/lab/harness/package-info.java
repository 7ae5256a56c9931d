/**
 * The harness of the end-to-end tests: runs programs of {@code build/vethtrace}, waits for other
 * processes, and checks that this machine has what a test needs. A test that cannot run (no root,
 * no program) is skipped with its reason.
 */
@NullMarked
package io.vethtrace.lab.harness;

import org.jspecify.annotations.NullMarked;
