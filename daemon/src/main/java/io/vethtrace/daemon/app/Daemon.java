package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.CounterRates;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.PeriodicTask;
import io.vethtrace.daemon.engine.StageCounts;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.TracingReport;
import io.vethtrace.daemon.engine.capture.TapOpener;
import io.vethtrace.daemon.engine.drop.DropCountHistory;
import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.engine.judge.LiveJudge;
import io.vethtrace.daemon.engine.judge.SnapshotReader;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.kernel.netns.NetnsDirectory;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.metrics.MetricSources;
import io.vethtrace.daemon.metrics.Metrics;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.attach.ProbeCost;
import io.vethtrace.daemon.probe.check.TracingTrial;
import io.vethtrace.daemon.probe.counter.CounterKind;
import io.vethtrace.daemon.probe.counter.HookCounters;
import io.vethtrace.daemon.probe.counter.PacketCounters;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.serve.Messages;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.JourneyTracker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The whole line, wired: probes → trace loop → feed → live findings. The newcomer's path of
 * docs/ARCHITECTURE.md starts here.
 */
final class Daemon implements Tracing, AutoCloseable {
  private final ProbeOptions options;
  private final Probes probes;
  private final KernelNames kernel;
  private final TraceStream stream;
  private final TraceLoop loop;
  private final SnapshotSource snapshots;
  private final TapOpener taps;
  private final Messages messages;
  private final LiveJudge liveFindings;
  private final DropCountHistory drops;
  private final NetnsDirectory namespaces = NetnsDirectory.ofRunningKernel();
  private final NetnsReader netnsReader = new NetnsReader(namespaces);
  private volatile int ownReaders = 1; // the live findings
  private final CounterRates rates = new CounterRates();
  private final List<PeriodicTask> repeated = new ArrayList<>();

  private Daemon(
      ProbeOptions options,
      HistoryLimits history,
      Probes probes,
      KernelNames kernel,
      Runnable afterFailure) {
    this.options = options;
    stream = new TraceStream(history);
    this.probes = probes;
    this.kernel = kernel;
    taps = new NetnsTapOpener(namespaces, netnsReader);
    snapshots = new SnapshotReader(kernel.reasons(), kernel.symbols(), blind(probes), netnsReader);
    messages =
        new Messages(
            new DisplayNames(
                kernel.reasons(),
                place -> kernel.symbols().covering(Set.of(place)),
                namespaces::displayName,
                mechanisms(probes)));
    JourneyTracker tracker = new JourneyTracker(stream::ended);
    loop = new TraceLoop(probes.reader(), tracker, stream::seen, afterFailure);
    liveFindings = new LiveJudge(stream, snapshots, options.filter().isAll());
    drops =
        new DropCountHistory(
            () -> probes.packetCounters().read(CounterKind.DROPS), WallClock::nowUnixNs);
  }

  /**
   * Loads the probes and starts to trace.
   *
   * @param history what is kept for clients to read later
   * @param afterFailure runs if tracing ends for another reason than {@link #close}
   * @throws io.vethtrace.daemon.probe.attach.TracingUnavailableException where nothing can be
   *     traced here
   * @throws io.vethtrace.daemon.libbpf.LibbpfMissingException where libbpf is not installed
   */
  static Daemon start(ProbeOptions options, HistoryLimits history, Runnable afterFailure) {
    CompletableFuture<KernelNames> kernel = KernelNames.reading();
    Probes probes = Probes.open(options);
    Daemon daemon = new Daemon(options, history, probes, kernel.join(), afterFailure);
    daemon.liveFindings.start();
    daemon.repeated.add(
        PeriodicTask.start("rates", Duration.ofSeconds(1), () -> daemon.rates.sample(daemon)));
    daemon.repeated.add(
        PeriodicTask.start("drops", DropCountHistory.GRANULARITY, daemon.drops::keepMoment));
    daemon.loop.start();
    return daemon;
  }

  private static Set<Hook> blind(Probes probes) {
    return probes.status().stream()
        .filter(status -> status.mechanism().isEmpty())
        .map(ProbeStatus::hook)
        .collect(Collectors.toSet());
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
  public TraceStream stream() {
    return stream;
  }

  @Override
  public CounterRates rates() {
    return rates;
  }

  @Override
  public CompletableFuture<Void> drained() {
    return loop.drained();
  }

  @Override
  public CompletableFuture<Void> quiet(Set<Integer> netns) {
    return loop.quiet(netns);
  }

  @Override
  public long judgedUntilNs() {
    return liveFindings.judgedUntilNs();
  }

  @Override
  public SnapshotSource snapshots() {
    return snapshots;
  }

  @Override
  public TapOpener taps() {
    return taps;
  }

  @Override
  public Messages messages() {
    return messages;
  }

  @Override
  public DropCountHistory drops() {
    return drops;
  }

  @Override
  public long lostEvents() {
    return probes.lost() + loop.counts().malformed();
  }

  @Override
  public long ringBytes() {
    return options.ringBytes();
  }

  @Override
  public long ringUsedBytes() {
    return probes.ringUsedBytes();
  }

  @Override
  public PacketCounters tallies() {
    return probes.packetCounters();
  }

  @Override
  public List<ProbeCost> costs() {
    return probes.costs();
  }

  @Override
  public TraceFilter selection() {
    return options.filter();
  }

  @Override
  public List<ProbeStatus> probes() {
    return probes.status();
  }

  @Override
  public TracingReport checkup() {
    return TracingReports.of(TracingTrial.ofTracing(probes.status(), options.ringBytes()), kernel);
  }

  @Override
  public List<StageCounts> stages() {
    // Downstream first: what a later stage has counted, an earlier one has too.
    StageCounts clients = stream.clients().stage();
    StageCounts findings = liveFindings.counts();
    StageCounts journeys = journeysStage();
    return List.of(ringStage(), journeys, findings, clients);
  }

  private StageCounts journeysStage() {
    TraceLoop.Counts counts = loop.counts();
    return new StageCounts(
        "journeys", counts.read(), counts.joined(), counts.ignored(), counts.malformed());
  }

  private StageCounts ringStage() {
    List<HookCounters> points = probes.status().stream().map(ProbeStatus::counters).toList();
    return new StageCounts(
        "ring",
        points.stream().mapToLong(HookCounters::hits).sum(),
        points.stream().mapToLong(HookCounters::delivered).sum(),
        points.stream().mapToLong(HookCounters::filtered).sum(),
        points.stream().mapToLong(HookCounters::lost).sum());
  }

  /**
   * Counts for Prometheus until the result is closed, before the daemon.
   *
   * @param ready whether clients are served
   * @throws IOException where {@code address} cannot be listened on
   */
  Metrics serveMetrics(InetSocketAddress address, BooleanSupplier ready) throws IOException {
    Metrics metrics =
        Metrics.start(
            address,
            new MetricSources(this, kernel.reasons(), this::placeName, namespaces, netnsReader),
            DaemonVersion.NUMBER,
            probes.measureCosts(),
            () -> ready.getAsBoolean() && loop.isRunning());
    ownReaders = 2;
    return metrics;
  }

  private String placeName(long place) {
    return kernel.symbols().covering(Set.of(place)).nameOrAddress(place);
  }

  @Override
  public int clients() {
    return feed().subscribers() - ownReaders;
  }

  @Override
  public void close() {
    repeated.forEach(PeriodicTask::close);
    loop.close();
    liveFindings.close();
    stream.close();
    probes.close();
  }
}
