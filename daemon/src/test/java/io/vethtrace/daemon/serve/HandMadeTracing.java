package io.vethtrace.daemon.serve;

import io.grpc.BindableService;
import io.vethtrace.daemon.diagnose.CauseDetectability;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.CounterRates;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.DoctorReport;
import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.PipelineStageCounts;
import io.vethtrace.daemon.engine.TracingStatus;
import io.vethtrace.daemon.engine.drop.DropCountHistory;
import io.vethtrace.daemon.engine.feed.FeedProgress;
import io.vethtrace.daemon.engine.feed.FeedPublisher;
import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.engine.feed.TraceItem;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.engine.feed.WatchCallInputs;
import io.vethtrace.daemon.engine.feed.WatchClients;
import io.vethtrace.daemon.engine.judge.CommandTraceStarter;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.check.TracingCheck;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import io.vethtrace.daemon.probe.object.TraceFilter;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The services of a daemon in which packets made by hand take the place of the kernel's. */
final class HandMadeTracing implements LossCounters, TracingStatus, FeedProgress {
  final AtomicLong lost = new AtomicLong(1);
  final WatchClients clients = new WatchClients();
  final CounterRates rates = new CounterRates();
  final List<PacketCounter> counters = new CopyOnWriteArrayList<>();
  final AtomicLong unixNs = new AtomicLong(1_000);
  final DropCountHistory drops = new DropCountHistory(() -> counters, unixNs::get);
  TraceFilter kernelFilter = TraceFilter.all();
  private final TestKernel kernel = TestKernel.V7_3;
  private final KernelSymbols symbols = kernel.symbols();
  private final TraceStream stream =
      new TraceStream(HistoryLimits.of(1 << 20, Duration.ofHours(1)));
  private final DisplayNames names =
      new DisplayNames(
          kernel.reasons(), _ -> symbols, inode -> "ns" + inode, Map.of(Hook.VETH_XMIT, "fentry"));
  final Messages messages = new Messages(names);
  final SnapshotSource snapshots = _ -> new Snapshot(kernel.reasons(), symbols, Set.of(), Map.of());
  private final List<ProbeStatus> probes;
  private CompletableFuture<Void> journeysEnded = CompletableFuture.completedFuture(null);

  HandMadeTracing(ProbeStatus... probes) {
    this.probes = List.of(probes);
  }

  /** All services but that of captures: no packet is captured by hand. */
  List<BindableService> services(String version) {
    WatchCallInputs watch = new WatchCallInputs(stream, clients, this, kernelFilter);
    return List.of(
        new TraceEndpoint(watch, new CommandTraceStarter(feed(), this, this, snapshots), names),
        new DropEndpoint(watch, drops, names),
        new StatusEndpoint(this, watch, rates, version));
  }

  TraceStream stream() {
    return stream;
  }

  FeedPublisher<TraceItem> feed() {
    return stream.feed();
  }

  /** Publishes the journey of a packet that came to its end. */
  Journey publish(TracedSkb skb) {
    Journey journey = skb.journey();
    stream.publish(journey);
    return journey;
  }

  @Override
  public CompletableFuture<Void> drained() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> journeysEnded(Set<Integer> netns) {
    return journeysEnded;
  }

  /** Keeps a packet on its way until the returned future completes. */
  CompletableFuture<Void> delayJourneys() {
    journeysEnded = new CompletableFuture<>();
    return journeysEnded;
  }

  @Override
  public long lostEvents() {
    return lost.get();
  }

  @Override
  public List<PipelineStageCounts> stages() {
    return List.of(
        new PipelineStageCounts("ring", 9 + lost.get(), 6, 3, lost.get()),
        new PipelineStageCounts("journeys", 6, 4, 2, 0),
        clients.stage());
  }

  @Override
  public List<ProbeStatus> probes() {
    return probes;
  }

  @Override
  public DoctorReport report() {
    return new DoctorReport(
        new KernelRelease("7.3.4", "x86_64"),
        true,
        List.of(
            new TracingCheck(
                "kprobes", TracingCheck.State.MISSING, "the kernel has no kprobes", "boot")),
        probes,
        List.of(new CauseDetectability(List.of(Cause.INVALID_SOURCE), Optional.empty(), "blind")));
  }

  @Override
  public TraceFilter traceFilter() {
    return kernelFilter;
  }

  @Override
  public long ringBytes() {
    return 1 << 16;
  }

  @Override
  public long ringUsedBytes() {
    return 208;
  }
}
