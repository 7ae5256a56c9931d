/**
 * The way to a daemon. Enters: what the user said about the server. Leaves: a gRPC channel to a
 * daemon that answers, which is a private one where none listens; closing it ends what was started.
 */
@NullMarked
package io.vethtrace.cli.connect;

import org.jspecify.annotations.NullMarked;
