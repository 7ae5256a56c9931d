package io.vethtrace.daemon.app;

import io.grpc.BindableService;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.CounterRates;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.DoctorReport;
import io.vethtrace.daemon.engine.EngineTimings;
import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.PeriodicTask;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.engine.TracingStatus;
import io.vethtrace.daemon.engine.capture.CaptureCallInputs;
import io.vethtrace.daemon.engine.drop.DropCountHistory;
import io.vethtrace.daemon.engine.feed.FeedProgress;
import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.engine.feed.WatchCallInputs;
import io.vethtrace.daemon.engine.feed.WatchClients;
import io.vethtrace.daemon.engine.judge.CommandTraceStarter;
import io.vethtrace.daemon.engine.judge.LiveJudge;
import io.vethtrace.daemon.engine.judge.SnapshotReader;
import io.vethtrace.daemon.kernel.host.WallClock;
import io.vethtrace.daemon.kernel.netns.NetnsLookup;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.metrics.MetricSources;
import io.vethtrace.daemon.metrics.Metrics;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.check.TracingSelfTest;
import io.vethtrace.daemon.probe.counter.CounterKind;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.serve.CaptureEndpoint;
import io.vethtrace.daemon.serve.DropEndpoint;
import io.vethtrace.daemon.serve.StatusEndpoint;
import io.vethtrace.daemon.serve.TraceEndpoint;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.JourneyTracker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The whole line, wired: probes → trace loop → feed → live judge → services. The newcomer's path of
 * docs/ARCHITECTURE.md starts here.
 */
final class Daemon implements TracingStatus, LossCounters, AutoCloseable {
  private final ProbeOptions options;
  private final Probes probes;
  private final ReasonAndFunctionNames kernel;
  private final TraceStream stream;
  private final WatchClients clients = new WatchClients();
  private final TraceLoop loop;
  private final SnapshotSource snapshots;
  private final DisplayNames names;
  private final LiveJudge judge;
  private final DropCountHistory drops;
  private final NetnsLookup namespaces = NetnsLookup.ofRunningKernel();
  private final NetnsReader netnsReader = new NetnsReader(namespaces);
  private final CounterRates rates = new CounterRates();
  private final List<PeriodicTask> periodic = new ArrayList<>();

  private Daemon(
      ProbeOptions options,
      HistoryLimits history,
      Probes probes,
      ReasonAndFunctionNames kernel,
      Runnable afterFailure) {
    this.options = options;
    stream = new TraceStream(history);
    this.probes = probes;
    this.kernel = kernel;
    snapshots = new SnapshotReader(kernel.reasons(), kernel.symbols(), blind(probes), netnsReader);
    names =
        new DisplayNames(
            kernel.reasons(),
            location -> kernel.symbols().covering(Set.of(location)),
            namespaces::displayName,
            mechanisms(probes));
    JourneyTracker tracker = new JourneyTracker(stream::publish);
    loop = new TraceLoop(probes.reader(), tracker, stream::publish, afterFailure);
    judge = new LiveJudge(stream, snapshots, seesAll());
    drops =
        new DropCountHistory(
            () -> probes.packetCounters().read(CounterKind.DROPS), WallClock::nowUnixNs);
  }

  /**
   * Loads the probes and starts to trace.
   *
   * @param history the limits of what is kept for clients to read later
   * @param afterFailure runs if tracing ends for another reason than {@link #close}
   * @throws io.vethtrace.daemon.probe.attach.TracingUnavailableException where nothing can be
   *     traced here
   * @throws io.vethtrace.daemon.libbpf.LibbpfMissingException where libbpf is not installed
   */
  static Daemon start(ProbeOptions options, HistoryLimits history, Runnable afterFailure) {
    CompletableFuture<ReasonAndFunctionNames> kernel = ReasonAndFunctionNames.reading();
    Probes probes = Probes.open(options);
    Daemon daemon = new Daemon(options, history, probes, kernel.join(), afterFailure);
    daemon.judge.start();
    daemon.startPeriodicTasks();
    daemon.loop.start();
    return daemon;
  }

  private void startPeriodicTasks() {
    periodic.add(
        PeriodicTask.start(
            "rates", EngineTimings.RATE_SAMPLES, () -> rates.sample(probes(), stages())));
    periodic.add(PeriodicTask.start("drops", EngineTimings.DROP_MOMENTS, drops::keepMoment));
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

  private boolean seesAll() {
    return options.filter().isAll();
  }

  /** Returns the gRPC services, each with the parts of this daemon that it reads. */
  List<BindableService> services() {
    WatchCallInputs watch = new WatchCallInputs(stream, clients, this, traceFilter());
    CommandTraceStarter tracer = new CommandTraceStarter(stream.feed(), loop, this, snapshots);
    CaptureCallInputs capture =
        new CaptureCallInputs(
            new NetnsTapOpener(namespaces, netnsReader),
            stream.feed(),
            loop,
            judge::judgedUntilNs,
            this,
            seesAll(),
            names);
    return List.of(
        new TraceEndpoint(watch, tracer, names),
        new CaptureEndpoint(capture, DaemonVersion.NUMBER),
        new DropEndpoint(watch, drops, names),
        new StatusEndpoint(this, watch, rates, DaemonVersion.NUMBER));
  }

  /**
   * Counts for Prometheus until the result is closed, before the daemon.
   *
   * @param ready returns true while clients are served
   * @throws IOException where {@code address} cannot be listened on
   */
  Metrics serveMetrics(InetSocketAddress address, BooleanSupplier ready) throws IOException {
    MetricSources sources =
        new MetricSources(
            this,
            stream,
            this,
            probes::costs,
            probes.measureCosts(),
            probes.packetCounters(),
            kernel.reasons(),
            this::locationName,
            namespaces,
            netnsReader);
    return Metrics.start(
        address, sources, DaemonVersion.NUMBER, () -> ready.getAsBoolean() && loop.isRunning());
  }

  private String locationName(long location) {
    return kernel.symbols().covering(Set.of(location)).nameOrAddress(location);
  }

  FeedProgress progress() {
    return loop;
  }

  TraceStream stream() {
    return stream;
  }

  @Override
  public long lostEvents() {
    return probes.lost() + loop.counts().malformed();
  }

  /** The counts are read downstream first: an earlier stage has counted by then. */
  @Override
  public List<PipelineStageCounts> stages() {
    PipelineStageCounts clientsStage = clients.stage();
    PipelineStageCounts findings = judge.counts();
    PipelineStageCounts journeys = journeysStage();
    return List.of(ringStage(), journeys, findings, clientsStage);
  }

  private PipelineStageCounts journeysStage() {
    TraceLoop.Counts counts = loop.counts();
    return new PipelineStageCounts(
        "journeys", counts.read(), counts.joined(), counts.ignored(), counts.malformed());
  }

  private PipelineStageCounts ringStage() {
    List<ProbeHitCounters> points = probes.status().stream().map(ProbeStatus::counters).toList();
    return new PipelineStageCounts(
        "ring",
        points.stream().mapToLong(ProbeHitCounters::hits).sum(),
        points.stream().mapToLong(ProbeHitCounters::delivered).sum(),
        points.stream().mapToLong(ProbeHitCounters::filtered).sum(),
        points.stream().mapToLong(ProbeHitCounters::lost).sum());
  }

  @Override
  public List<ProbeStatus> probes() {
    return probes.status();
  }

  @Override
  public TraceFilter traceFilter() {
    return options.filter();
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
  public DoctorReport report() {
    return DoctorReports.of(
        TracingSelfTest.ofTracing(probes.status(), options.ringBytes()), kernel);
  }

  @Override
  public void close() {
    periodic.forEach(PeriodicTask::close);
    loop.close();
    judge.close();
    stream.close();
    probes.close();
  }
}
