package io.vethtrace.lab.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A {@code vethtraced} that listens on a socket of its own. */
public final class ListeningDaemon implements AutoCloseable {
  private final Path socket;
  private final ProcessSession daemon;

  private ListeningDaemon(Path socket, ProcessSession daemon) {
    this.socket = socket;
    this.daemon = daemon;
  }

  /** Starts a daemon whose socket is in the folder, and waits until it listens. */
  public static ListeningDaemon start(Path folder) {
    Path socket = folder.resolve("vethtrace.sock");
    ProcessSession daemon =
        ProcessSession.start(Installation.vethtraced(), "--socket", socket.toString());
    Poll.until(
        "the daemon listens: " + daemon.stderr(),
        () -> daemon.stdout().contains("listens") || !daemon.handle().isAlive());
    assertThat(daemon.handle().isAlive()).as(daemon.stderr()).isTrue();
    return new ListeningDaemon(socket, daemon);
  }

  public Path socket() {
    return socket;
  }

  public ProcessSession daemon() {
    return daemon;
  }

  /** Returns the command line of a client of this daemon. */
  public List<String> command(String... arguments) {
    return Stream.concat(
            Stream.of(Installation.vethtrace(), "--server", "unix:" + socket), Stream.of(arguments))
        .toList();
  }

  /** Ends the daemon with SIGTERM and returns its result. */
  public ProcessResult stop() {
    daemon.signalGroup("TERM");
    return daemon.finish();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
