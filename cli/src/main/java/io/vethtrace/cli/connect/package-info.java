/**
 * Connections to a daemon. Enters: the server that the user named, if any. Leaves: a gRPC channel
 * to a daemon that answers. If none listens, that is a private daemon, which ends with the channel.
 */
@NullMarked
package io.vethtrace.cli.connect;

import org.jspecify.annotations.NullMarked;
