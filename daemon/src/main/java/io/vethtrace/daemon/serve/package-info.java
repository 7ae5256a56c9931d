/**
 * The gRPC services. Enters: requests, and items from the stream. Leaves: messages of vethtrace.v1,
 * whose generated types stop here. Runs on gRPC's threads and one virtual thread a call.
 */
@NullMarked
package io.vethtrace.daemon.serve;

import org.jspecify.annotations.NullMarked;
