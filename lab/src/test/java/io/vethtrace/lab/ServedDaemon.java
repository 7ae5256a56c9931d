package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A {@code vethtraced} on a socket of its own, that listens. */
final class ServedDaemon implements AutoCloseable {
  private final Path socket;
  private final Running daemon;

  private ServedDaemon(Path socket, Running daemon) {
    this.socket = socket;
    this.daemon = daemon;
  }

  /** {@code folder}: where its socket is to be. */
  static ServedDaemon start(Path folder) {
    Path socket = folder.resolve("vethtrace.sock");
    Running daemon = Running.start(Installation.vethtraced(), "--socket", socket.toString());
    Await.until(
        "the daemon listens: " + daemon.stderr(),
        () -> daemon.stdout().contains("listens") || !daemon.handle().isAlive());
    assertThat(daemon.handle().isAlive()).as(daemon.stderr()).isTrue();
    return new ServedDaemon(socket, daemon);
  }

  Path socket() {
    return socket;
  }

  Running daemon() {
    return daemon;
  }

  /** The words of a command that asks this daemon. */
  List<String> command(String... arguments) {
    return Stream.concat(
            Stream.of(Installation.vethtrace(), "--server", "unix:" + socket), Stream.of(arguments))
        .toList();
  }

  /** Ends it as an administrator does, and says how it ended. */
  Finished stop() {
    daemon.signalGroup("TERM");
    return daemon.finish();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
