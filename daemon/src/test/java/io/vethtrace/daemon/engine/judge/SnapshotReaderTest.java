package io.vethtrace.daemon.engine.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.netns.NetnsLookup;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.kernel.symbol.RunningKernelSymbols;
import io.vethtrace.daemon.trace.Conversations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads snapshots of the running kernel. */
class SnapshotReaderTest {
  private static final int NO_SUCH_NETNS = 100;

  @Test
  void a_snapshot_has_the_namespaces_that_packets_passed_as_far_as_they_can_be_read()
      throws IOException {
    int own = (int) (long) (Long) Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino");
    Conversations conversations = new Conversations(10);
    conversations.add(
        TracedSkb.of(Packets.udp("127.0.0.1", 1, "127.0.0.1", 2))
            .through(TestDevice.lo(own, true))
            .journey());
    conversations.add(
        TracedSkb.of(Packets.udp("10.0.0.1", 1, "10.0.0.2", 2))
            .through(TestDevice.lo(NO_SUCH_NETNS, true))
            .journey());

    SnapshotReader snapshots =
        new SnapshotReader(
            DropReasons.none(),
            new RunningKernelSymbols(),
            Set.of(),
            new NetnsReader(NetnsLookup.ofRunningKernel()));
    Snapshot snapshot = snapshots.take(conversations.all());

    assertThat(snapshot.namespaces()).containsOnlyKeys(own);
    assertThat(snapshot.netns(own).orElseThrow().device("lo")).isPresent();
  }
}
