package io.vethtrace.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

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
 * Whatever somebody writes to the socket, the daemon goes on serving the others: one that watches
 * all the while, and one that comes after.
 */
final class HostileClientsTest {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  /** An empty SETTINGS frame (RFC 9113, 6.5). */
  private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

  /** Nothing, half of what a client begins with, and a client that then says no more. */
  private static final List<byte[]> HALF_OPEN =
      List.of(new byte[0], Arrays.copyOf(PREFACE, 12), PREFACE, joined(PREFACE, SETTINGS));

  @TempDir private static Path folder;
  private static ServedDaemon daemon;
  private static Running watch;

  @BeforeAll
  static void serve_and_watch() {
    Machine.assumeRoot();
    daemon = ServedDaemon.start(folder);
    watch = Running.start(daemon.command("-o", "json", "watch", "--interface", "lo"));
  }

  @AfterAll
  static void stop() {
    if (daemon != null) {
      watch.close();
      daemon.close();
    }
  }

  /** A ping within a namespace of its own: both who watches and who comes now hear of it. */
  @AfterEach
  void the_others_are_served() {
    long before = pingsSeen();
    Await.until(
        "the client that watched all the while sees a ping",
        () -> {
          Finished.of("unshare", "--net", "sh", "-c", "ip link set lo up; ping -c 1 127.0.0.1");
          return pingsSeen() > before;
        });
    Finished status =
        Finished.of(List.copyOf(daemon.command("-o", "json", "status")).toArray(new String[0]));
    assertThat(status.exitCode()).as(status.stderr()).isZero();
    assertThat(Json.parse(status.stdout()).text("clients")).isEqualTo("1");
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

  /** All bytes that the daemon still takes; it may close the connection at any of them. */
  private static void write(SocketChannel channel, byte[] bytes) {
    try {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    } catch (IOException e) {
      // It does not want to hear more, which is an answer.
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

  /** What the daemon says until it closes the connection. */
  private static String answer(SocketChannel channel) throws IOException {
    StringBuilder said = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
    try {
      while (channel.read(buffer.clear()) >= 0) {
        said.append(US_ASCII.decode(buffer.flip()));
      }
    } catch (IOException e) {
      said.append(e.getMessage());
    }
    return said.toString();
  }

  @Test
  void random_bytes() throws IOException {
    Random random = new Random(6);
    for (int i = 0; i < 300; i++) {
      byte[] noise = new byte[random.nextInt(1 << 12)];
      random.nextBytes(noise);
      try (SocketChannel channel = connect()) {
        // Every other one gets past the preface, where frames are read.
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
    Finished watching = Finished.of(daemon.command("watch", filter).toArray(new String[0]));
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
