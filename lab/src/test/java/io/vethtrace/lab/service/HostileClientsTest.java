package io.vethtrace.lab.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.ListeningDaemon;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a client cannot harm others by what it writes to the socket: one client watches all
 * the time, and one connects afterwards.
 */
final class HostileClientsTest {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  /** An empty SETTINGS frame (RFC 9113, 6.5). */
  private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

  /** Connections without a byte, with half a preface, and with a preface and nothing after it. */
  private static final List<byte[]> HALF_OPEN =
      List.of(new byte[0], Arrays.copyOf(PREFACE, 12), PREFACE, joined(PREFACE, SETTINGS));

  @TempDir private static Path folder;
  private static ListeningDaemon daemon;
  private static ProcessSession watch;

  @BeforeAll
  static void serve_and_watch() {
    MachineRequirements.assumeRoot();
    daemon = ListeningDaemon.start(folder);
    watch = ProcessSession.start(daemon.command("-o", "json", "watch", "--interface", "lo"));
  }

  @AfterAll
  static void stop() {
    if (daemon != null) {
      watch.close();
      daemon.close();
    }
  }

  /**
   * Checks that a ping in a namespace of its own reaches both the watching client and a new one.
   */
  @AfterEach
  void the_others_are_served() {
    long before = pingsSeen();
    Poll.until(
        "the client that watched all the while sees a ping",
        () -> {
          ProcessResult.of(
              "unshare", "--net", "sh", "-c", "ip link set lo up; ping -c 1 127.0.0.1");
          return pingsSeen() > before;
        });
    ProcessResult status =
        ProcessResult.of(
            List.copyOf(daemon.command("-o", "json", "status")).toArray(new String[0]));
    assertThat(status.exitCode()).as(status.stderr()).isZero();
    assertThat(JsonLine.parse(status.stdout()).text("clients")).isEqualTo("1");
    assertThat(daemon.daemon().handle().isAlive()).isTrue();
  }

  private static long pingsSeen() {
    return watch.stdout().lines().filter(line -> line.contains("ICMP 127.0.0.1")).count();
  }

  private static SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(daemon.socket()));
    return channel;
  }

  /** Writes the bytes until the daemon closes the connection. */
  private static void write(SocketChannel channel, byte[] bytes) {
    try {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    } catch (IOException e) {
      // The daemon closed the connection, which is a valid answer.
    }
  }

  private static byte[] joined(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  /** Returns all bytes that the daemon sends until it closes the connection. */
  private static String answer(SocketChannel channel) throws IOException {
    StringBuilder output = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
    try {
      while (channel.read(buffer.clear()) >= 0) {
        output.append(US_ASCII.decode(buffer.flip()));
      }
    } catch (IOException e) {
      output.append(e.getMessage());
    }
    return output.toString();
  }

  @Test
  void random_bytes() throws IOException {
    Random random = new Random(6);
    for (int i = 0; i < 300; i++) {
      byte[] noise = new byte[random.nextInt(1 << 12)];
      random.nextBytes(noise);
      try (SocketChannel channel = connect()) {
        // Every second one sends a valid preface first, so that the daemon reads its frames.
        write(channel, i % 2 == 0 ? noise : joined(PREFACE, SETTINGS, noise));
      }
    }
  }

  @Test
  void http_1() throws IOException {
    try (SocketChannel channel = connect()) {
      write(channel, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertThat(answer(channel)).as("the connection ends").isNotNull();
    }
  }

  @Test
  void frames_larger_than_any_may_be() throws IOException {
    byte[] frame = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, 0, 1};
    try (SocketChannel channel = connect()) {
      write(channel, joined(PREFACE, SETTINGS, frame, new byte[1 << 20]));
      assertThat(answer(channel)).as("the connection ends").isNotNull();
    }
  }

  @Test
  void requests_larger_than_the_daemon_takes() {
    String filter = "icmp or " + "arp or ".repeat(12_000) + "ip";
    ProcessResult watching =
        ProcessResult.of(daemon.command("watch", filter).toArray(new String[0]));
    assertThat(watching.exitCode()).isEqualTo(3);
    assertThat(watching.stderr()).startsWith("vethtrace: ").hasLineCount(1);
  }

  @Test
  void a_thousand_half_open_connections() throws IOException {
    List<SocketChannel> open = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        SocketChannel channel = connect();
        open.add(channel);
        write(channel, HALF_OPEN.get(i % HALF_OPEN.size()));
      }
      the_others_are_served();
    } finally {
      for (SocketChannel channel : open) {
        channel.close();
      }
    }
  }
}
