package io.vethtrace.cli.connect;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps libraries from writing to standard error, which belongs to the investigated command and to
 * our one sentence. What goes wrong comes as a call's status; what is left is such as gRPC asking a
 * Unix socket for SO_KEEPALIVE (NettyClientTransport, 1.85).
 */
final class LibraryLogs {
  /** The log manager forgets a logger's level unless somebody holds the logger. */
  private static final List<Logger> LOGGERS =
      List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.grpc"));

  private LibraryLogs() {}

  static void silence() {
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
  }
}
