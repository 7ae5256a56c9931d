package io.vethtrace.cli.connect;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps libraries from writing to standard error, which belongs to the investigated command and to
 * this program's own messages. Errors of calls come as a status. The rest is harmless: gRPC, for
 * example, asks a Unix socket for SO_KEEPALIVE (NettyClientTransport, 1.85).
 */
final class LibraryLogs {
  /** References to the loggers, without which the log manager forgets their levels. */
  private static final List<Logger> LOGGERS =
      List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.grpc"));

  private LibraryLogs() {}

  static void silence() {
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
  }
}
