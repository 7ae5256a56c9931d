package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.NetnsDirectory;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.probe.Mechanism;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.Refusal;
import io.vethtrace.daemon.serve.Messages;
import io.vethtrace.daemon.serve.Names;
import io.vethtrace.daemon.serve.TraceItem;
import io.vethtrace.daemon.serve.Tracing;
import io.vethtrace.daemon.stream.Feed;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.JourneyTracker;
import io.vethtrace.v1.Probe;
import io.vethtrace.v1.Stage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The whole line, wired: probes → trace loop → feed → live findings. The newcomer's path of
 * docs/ARCHITECTURE.md starts here.
 */
final class Daemon implements Tracing, AutoCloseable {
  private final long ringBytes;
  private final Probes probes;
  private final Feed<TraceItem> feed = new Feed<>();
  private final TraceLoop loop;
  private final SnapshotSource snapshots;
  private final Messages messages;
  private final LiveFindings liveFindings;

  private Daemon(ProbeOptions options, Probes probes, Runnable afterFailure) {
    this.ringBytes = options.ringBytes();
    this.probes = probes;
    DropReasons reasons = DropReasons.ofRunningKernel();
    Symbols symbols = Symbols.ofRunningKernel();
    NetnsDirectory namespaces = NetnsDirectory.ofRunningKernel();
    snapshots = new KernelSnapshots(reasons, symbols, blind(probes), new NetnsReader(namespaces));
    messages =
        new Messages(new Names(reasons, symbols, namespaces::displayName, mechanisms(probes)));
    loop = new TraceLoop(probes.reader(), tracker(), afterFailure);
    liveFindings = new LiveFindings(feed, snapshots);
  }

  /**
   * Loads the probes and starts to trace.
   *
   * @param afterFailure runs if tracing ends for another reason than {@link #close}
   * @throws io.vethtrace.daemon.probe.TracingUnavailableException where nothing can be traced here
   * @throws io.vethtrace.daemon.libbpf.LibbpfMissingException where libbpf is not installed
   */
  static Daemon start(ProbeOptions options, Runnable afterFailure) {
    Daemon daemon = new Daemon(options, Probes.open(options), afterFailure);
    daemon.liveFindings.start();
    daemon.loop.start();
    return daemon;
  }

  private JourneyTracker tracker() {
    return new JourneyTracker(journey -> feed.publish(new TraceItem.JourneyEnded(journey)));
  }

  private static Map<Hook, String> blind(Probes probes) {
    return probes.status().stream()
        .filter(status -> status.mechanism().isEmpty())
        .collect(Collectors.toMap(ProbeStatus::hook, Daemon::refusals));
  }

  private static String refusals(ProbeStatus status) {
    return status.refusals().stream().map(Refusal::toString).collect(Collectors.joining("; "));
  }

  private static Map<Hook, String> mechanisms(Probes probes) {
    return probes.status().stream()
        .filter(status -> status.mechanism().isPresent())
        .collect(Collectors.toMap(ProbeStatus::hook, status -> label(status)));
  }

  private static String label(ProbeStatus status) {
    return status.mechanism().map(Mechanism::label).orElse("none");
  }

  @Override
  public Feed<TraceItem> feed() {
    return feed;
  }

  @Override
  public CompletableFuture<Void> drained() {
    return loop.drained();
  }

  @Override
  public SnapshotSource snapshots() {
    return snapshots;
  }

  @Override
  public Messages messages() {
    return messages;
  }

  @Override
  public long lostEvents() {
    return probes.lost() + loop.counts().malformed();
  }

  @Override
  public long ringBytes() {
    return ringBytes;
  }

  @Override
  public List<Probe> probes() {
    return probes.status().stream().map(Daemon::probe).toList();
  }

  private static Probe probe(ProbeStatus status) {
    Probe.Builder probe =
        Probe.newBuilder()
            .setName(status.name())
            .setMechanism(label(status))
            .setHits(status.counters().hits())
            .setDelivered(status.counters().delivered())
            .setFiltered(status.counters().filtered())
            .setLost(status.counters().lost());
    status.refusals().forEach(refusal -> probe.addRefused(refused(refusal)));
    return probe.build();
  }

  private static io.vethtrace.v1.Refusal refused(Refusal refusal) {
    return io.vethtrace.v1.Refusal.newBuilder()
        .setMechanism(refusal.mechanism().label())
        .setWhy(refusal.why())
        .build();
  }

  @Override
  public List<Stage> stages() {
    // Downstream first: what a later stage has counted, an earlier one has too.
    TraceLoop.Counts counts = loop.counts();
    Stage journeys =
        Stage.newBuilder()
            .setName("journeys")
            .setProduced(counts.read())
            .setDelivered(counts.joined())
            .setFiltered(counts.ignored())
            .setLost(counts.malformed())
            .build();
    return List.of(ringStage(), journeys);
  }

  private Stage ringStage() {
    Stage.Builder ring = Stage.newBuilder().setName("ring");
    for (ProbeStatus status : probes.status()) {
      ring.setProduced(ring.getProduced() + status.counters().hits())
          .setDelivered(ring.getDelivered() + status.counters().delivered())
          .setFiltered(ring.getFiltered() + status.counters().filtered())
          .setLost(ring.getLost() + status.counters().lost());
    }
    return ring.build();
  }

  @Override
  public void close() {
    loop.close();
    liveFindings.close();
    feed.close();
    probes.close();
  }
}
