package io.vethtrace.lab.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vethtrace.lab.harness.Installation;
import io.vethtrace.lab.harness.JsonLine;
import io.vethtrace.lab.harness.ListeningDaemon;
import io.vethtrace.lab.harness.MachineRequirements;
import io.vethtrace.lab.harness.Poll;
import io.vethtrace.lab.harness.ProcessResult;
import io.vethtrace.lab.harness.ProcessSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests {@code lab/node/client.mjs}, a client of the public API that shares no code with vethtrace:
 * it needs only the proto files or the server's reflection.
 */
final class NodeClientTest {
  private static final Duration INSTALLING = Duration.ofMinutes(3);
  private static final String REASON = "NEIGH_FAILED";
  private static final String NETNS = "vt-node-" + ProcessHandle.current().pid();

  @TempDir private static Path client;
  @TempDir private static Path folder;
  private static ListeningDaemon daemon;

  @BeforeAll
  static void install_the_client_and_serve() throws IOException {
    MachineRequirements.assumeRoot();
    MachineRequirements.assumeProgram("npm");
    for (String file : List.of("package.json", "package-lock.json", "client.mjs")) {
      Files.copy(Path.of(Installation.file("lab/node/" + file)), client.resolve(file));
    }
    ProcessResult install =
        ProcessResult.of(
            INSTALLING,
            List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--prefix", client.toString()));
    assumeTrue(
        install.exitCode() == 0,
        () -> "npm cannot install the client's packages: " + install.stderr());
    daemon = ListeningDaemon.start(folder);
    run("ip", "netns", "add", NETNS);
    Stream.of(
            "ip link set lo up",
            "ip link add veth0 type veth peer name veth1",
            "ip address add 192.168.1.1/24 dev veth0",
            "ip address add 192.168.1.2/24 dev veth1",
            "ip link set veth0 up",
            "ip link set veth1 up")
        .forEach(line -> run("ip", "netns", "exec", NETNS, "sh", "-c", line));
  }

  @AfterAll
  static void remove_the_namespace() {
    if (daemon != null) {
      daemon.close();
      ProcessResult.of("ip", "netns", "del", NETNS);
    }
  }

  private static void run(String... command) {
    ProcessResult run = ProcessResult.of(command);
    assertThat(run.exitCode()).as("%s: %s", run.command(), run.stderr()).isZero();
  }

  @Test
  void from_the_proto_files_it_sees_the_blogs_drop_and_gets_the_reason_by_name() {
    assertSeesTheDrop(Installation.file("proto/src/main/proto"));
  }

  @Test
  void from_reflection_alone_it_sees_the_blogs_drop_and_gets_the_reason_by_name() {
    assertSeesTheDrop();
  }

  private static void assertSeesTheDrop(String... protoFolder) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                client.resolve("client.mjs").toString(),
                daemon.socket().toString(),
                REASON,
                NETNS));
    command.addAll(List.of(protoFolder));
    try (ProcessSession node = ProcessSession.start(command)) {
      Poll.until(
          "it watches", () -> node.stdout().contains("watching") || !node.handle().isAlive());
      ProcessResult ping =
          ProcessResult.of(
              "ip",
              "netns",
              "exec",
              NETNS,
              "ping",
              "-c",
              "1",
              "-W",
              "5",
              "-I",
              "veth0",
              "192.168.1.2");
      assertThat(ping.exitCode()).as("the blog's ping is not answered").isEqualTo(1);
      ProcessResult finished = node.finish();
      assertThat(finished.exitCode()).as(finished.stderr()).isZero();
      assertDropAndReason(JsonLine.parseLines(finished.stdout()));
    }
  }

  private static void assertDropAndReason(List<JsonLine> lines) {
    assertThat((List<?>) lines.get(0).get("services"))
        .asString()
        .contains(
            "vethtrace.v1.DropService",
            "vethtrace.v1.TraceService",
            "vethtrace.v1.CaptureService",
            "vethtrace.v1.StatusService",
            "grpc.health.v1.Health");
    JsonLine drop = lines.get(2).object("drop");
    assertThat(drop.text("reason")).isEqualTo(REASON);
    assertThat(drop.text("interface")).isEqualTo("veth0");
    assertThat(drop.text("netns")).isEqualTo(NETNS);
    assertThat(drop.text("place")).isEqualTo("neigh_invalidate");
    assertThat(drop.text("packet")).startsWith("ICMP 192.168.1.1 > 192.168.1.2");
    JsonLine reason = lines.get(3).object("reason");
    assertThat(reason.text("name")).isEqualTo(REASON);
    assertThat(reason.text("subsystem")).isEqualTo("CORE");
    assertThat(reason.text("explanation")).isEqualTo(drop.text("explanation")).contains("ARP");
  }
}
