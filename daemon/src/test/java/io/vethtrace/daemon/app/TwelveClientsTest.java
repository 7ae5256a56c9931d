package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.fixture.AwaitOtherThread;
import io.vethtrace.daemon.fixture.TwoNetns;
import io.vethtrace.daemon.libbpf.LibbpfMissingException;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.attach.TracingUnavailableException;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.serve.GrpcServer;
import io.vethtrace.v1.Client;
import io.vethtrace.v1.Counts;
import io.vethtrace.v1.StatusRequest;
import io.vethtrace.v1.StatusServiceGrpc;
import io.vethtrace.v1.WatchFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Counts 15,000 datagrams on the running kernel for ten clients that read as fast as they can, one
 * that reads a message a second and one that reads none. The datagrams come as fast as the ten can
 * take them: the other two lose some, and cost the ten nothing.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TwelveClientsTest {
  private static final int FAST = 10;
  private static final int DATAGRAMS = 15_000;
  private static final int BURST = 500;
  private static final int PATIENCE_SECONDS = 120;
  private static final WatchFilter OURS =
      WatchFilter.newBuilder().addProtocols("udp").addPorts(7777).build();

  /** Each leaves out another part. */
  private static final List<WatchRequest> REQUESTS =
      List.of(
          journeys().build(),
          journeys().addAllow(OURS).build(),
          journeys().addDeny(OURS).build(),
          journeys().setFilter("udp dst port 7777").build(),
          journeys().addAllow(WatchFilter.newBuilder().addHooks("veth_xmit")).build());

  @TempDir private Path folder;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<WatchingClient> clients = new ArrayList<>();
  private final List<Long> toldBefore = new ArrayList<>();
  private final List<Long> toldWhenOpen = new ArrayList<>();
  private TwoNetns netns;
  private Daemon daemon;
  private GrpcServer server;

  private static WatchRequest.Builder journeys() {
    return WatchRequest.newBuilder().addKinds(Kind.JOURNEY);
  }

  @BeforeEach
  void serve() throws Exception {
    netns = new TwoNetns();
    List<Integer> inodes = List.of(TwoNetns.inode(netns.near), TwoNetns.inode(netns.far));
    TraceFilter filter = new TraceFilter(Optional.empty(), inodes, List.of());
    try {
      ProbeOptions options = new ProbeOptions(1 << 24, filter);
      daemon = Daemon.start(options, HistoryLimits.of(1 << 20, Duration.ofHours(1)), () -> {});
    } catch (TracingUnavailableException | LibbpfMissingException e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
    server = GrpcServer.start(folder.resolve("s"), daemon.services());
  }

  @AfterEach
  void stop() throws Exception {
    clients.forEach(WatchingClient::close);
    if (server != null) {
      server.close();
      daemon.close();
    }
    loops.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    if (netns != null) {
      netns.close();
    }
  }

  /** A client that watches by the time this returns. */
  private WatchingClient open(WatchRequest request, int atOnce) throws Exception {
    toldBefore.add(told());
    WatchingClient client = new WatchingClient(folder.resolve("s"), loops, atOnce);
    clients.add(client);
    client.watch(request);
    AwaitOtherThread.until("it watches", () -> daemon.stream().feed().clients() == clients.size());
    toldWhenOpen.add(told());
    return client;
  }

  private long told() {
    return daemon.stream().journeys().written();
  }

  private List<Client> status() {
    return StatusServiceGrpc.newBlockingStub(clients.getFirst().channel())
        .status(StatusRequest.getDefaultInstance())
        .getWatchingList();
  }

  @Test
  void for_each_client_produced_is_what_was_delivered_filtered_and_lost(TestReporter reporter)
      throws Exception {
    for (int i = 0; i < FAST; i++) {
      open(REQUESTS.get(i % REQUESTS.size()), WatchingClient.ALL);
    }
    WatchingClient slow = open(journeys().addKinds(Kind.EVENT).build(), 1);
    WatchingClient never = open(journeys().build(), 0);

    try (ScheduledExecutorService second = Executors.newSingleThreadScheduledExecutor()) {
      var _ = second.scheduleAtFixedRate(() -> slow.read(1), 1, 1, TimeUnit.SECONDS);
      flood();
      daemon.progress().journeysEnded(Set.of()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    Client neverRead = settled(FAST + 1);
    long atLeast = told();
    daemon.stream().close();
    long atMost = told();
    slow.read(WatchingClient.ALL);

    for (int i = 0; i <= FAST; i++) {
      WatchingClient client = clients.get(i);
      boolean isFast = i < FAST;
      Counts counts = client.ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      reporter.publishEntry("client " + (i + 1), words(counts));
      assertAccounted(counts, 0);
      // The slow one has all events too, some of each journey.
      assertProduced(counts, i, atLeast, isFast ? atMost : Long.MAX_VALUE);
      assertThat(client.items).as("what client %d read", i + 1).hasValue(counts.getDelivered());
      assertThat(client.toldLost).as("what client %d missed", i + 1).hasValue(counts.getLost());
      assertThat(counts.getLost() == 0).as("nothing is lost to client %d", i + 1).isEqualTo(isFast);
    }

    reporter.publishEntry(
        "client 12", words(neverRead.getCounts()) + ", queued " + neverRead.getQueued());
    assertThat(never.messages).hasValue(0);
    assertThat(neverRead.getCounts().getLost()).isPositive();
    assertWhatIsLeftIsLost(never, neverRead);
  }

  private static void assertAccounted(Counts counts, long also) {
    assertThat(counts.getDelivered() + counts.getFiltered() + counts.getLost() + also)
        .isEqualTo(counts.getProduced());
  }

  /** Asserts that a client's count includes nothing from before it came, and everything after. */
  private void assertProduced(Counts counts, int client, long atLeast, long atMost) {
    assertThat(counts.getProduced())
        .as("what there was for client %d", client + 1)
        .isBetween(atLeast - toldWhenOpen.get(client), atMost - toldBefore.get(client))
        .isGreaterThanOrEqualTo(DATAGRAMS / 2);
  }

  /** Returns the counts of a client once the daemon only waits for it: it does not read. */
  private Client settled(int index) throws InterruptedException {
    AwaitOtherThread.until(
        "its queue is full", () -> status().get(index).getCounts().getLost() > 0);
    long atLeast = told();
    Client client = status().get(index);
    assertAccounted(client.getCounts(), client.getQueued());
    assertProduced(client.getCounts(), index, atLeast, told());
    return client;
  }

  private void assertWhatIsLeftIsLost(WatchingClient never, Client before) throws Exception {
    never.close();
    AwaitOtherThread.until("it has left", () -> status().isEmpty());
    PipelineStageCounts all =
        daemon.stages().stream()
            .filter(stage -> stage.name().equals("clients"))
            .findFirst()
            .orElseThrow();
    long delivered = before.getCounts().getDelivered();
    long produced = before.getCounts().getProduced();
    for (int i = 0; i <= FAST; i++) {
      delivered += clients.get(i).ended.get().getDelivered();
      produced += clients.get(i).ended.get().getProduced();
    }
    assertThat(all.produced()).isEqualTo(produced);
    assertThat(all.delivered()).isEqualTo(delivered);
    assertThat(all.delivered() + all.filtered() + all.lost()).isEqualTo(all.produced());
  }

  private boolean areFastOnesReady() {
    return status().stream().limit(FAST).allMatch(client -> client.getQueued() < 2 * BURST);
  }

  private static String words(Counts counts) {
    return "produced %d = delivered %d + filtered %d + lost %d"
        .formatted(
            counts.getProduced(), counts.getDelivered(), counts.getFiltered(), counts.getLost());
  }

  private void flood() throws Exception {
    ByteBuffer payload = ByteBuffer.allocateDirect(16);
    try (DatagramChannel receiver = netns.receiver();
        DatagramChannel sender = netns.sender()) {
      assertThat(receiver.isOpen()).isTrue();
      for (int sent = 0; sent < DATAGRAMS; sent += BURST) {
        for (int i = 0; i < BURST; i++) {
          sender.send(payload.clear().putLong(0, sent + i), netns.receiverAddress());
        }
        while (!areFastOnesReady()) {
          Thread.sleep(5);
        }
      }
    }
  }
}
