package io.vethtrace.daemon.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The daemon cannot start. The message is one sentence: what is wrong and what to do. */
final class StartFailure extends RuntimeException {
  StartFailure(String message) {
    super(message);
  }

  static StartFailure socket(Path socket, Exception cause) {
    StartFailure failure =
        new StartFailure(
            "cannot listen on %s (%s): pass --socket with a path that can be written"
                .formatted(socket, cause.getMessage()));
    failure.initCause(cause);
    return failure;
  }

  static StartFailure metrics(InetSocketAddress address, Exception cause) {
    StartFailure failure =
        new StartFailure(
            "cannot serve metrics on %s:%d (%s): pass --metrics with an address that is free"
                .formatted(address.getHostString(), address.getPort(), cause.getMessage()));
    failure.initCause(cause);
    return failure;
  }
}
