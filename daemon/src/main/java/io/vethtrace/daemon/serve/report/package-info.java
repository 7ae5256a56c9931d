/**
 * The report of {@code vethtraced --explain} as a message of vethtrace.v1. Enters: a comparison of
 * captures. Leaves: one message. Runs on the caller's thread.
 */
@NullMarked
package io.vethtrace.daemon.serve.report;

import org.jspecify.annotations.NullMarked;
