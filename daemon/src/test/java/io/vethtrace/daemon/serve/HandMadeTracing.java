package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.diagnose.DetectionCapability;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.diagnose.model.SnapshotSource;
import io.vethtrace.daemon.engine.CounterRates;
import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.StageCounts;
import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.engine.TracingReport;
import io.vethtrace.daemon.engine.capture.TapOpener;
import io.vethtrace.daemon.engine.drop.DropCountHistory;
import io.vethtrace.daemon.engine.feed.HistoryLimits;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.daemon.kernel.symbol.KernelSymbols;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.ProbeCost;
import io.vethtrace.daemon.probe.check.TracingCheck;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import io.vethtrace.daemon.probe.counter.PacketCounters;
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

/** What the daemon does for the services, with packets made by hand in place of the kernel's. */
final class HandMadeTracing implements Tracing {
  final AtomicLong lost = new AtomicLong(1);
  TraceFilter selection = TraceFilter.all();
  final CounterRates rates = new CounterRates();
  private final TestKernel kernel = TestKernel.V7_3;
  private final KernelSymbols symbols = kernel.symbols();
  private final TraceStream stream =
      new TraceStream(HistoryLimits.of(1 << 20, Duration.ofHours(1)));
  private CompletableFuture<Void> quiet = CompletableFuture.completedFuture(null);
  private final Messages messages =
      new Messages(
          new DisplayNames(
              kernel.reasons(),
              _ -> symbols,
              inode -> "ns" + inode,
              Map.of(Hook.VETH_XMIT, "fentry")));
  private final List<ProbeStatus> probes;
  final List<PacketCounter> tallies = new CopyOnWriteArrayList<>();
  final AtomicLong unixNs = new AtomicLong(1_000);
  private final DropCountHistory drops = new DropCountHistory(() -> tallies, unixNs::get);

  HandMadeTracing(ProbeStatus... probes) {
    this.probes = List.of(probes);
  }

  /** The packet's journey came to its end. */
  Journey publish(TracedSkb skb) {
    Journey journey = skb.journey();
    stream.ended(journey);
    return journey;
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
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> quiet(Set<Integer> netns) {
    return quiet;
  }

  /** From now on a packet is on its way, until the future completes that this returns. */
  CompletableFuture<Void> busy() {
    quiet = new CompletableFuture<>();
    return quiet;
  }

  @Override
  public long judgedUntilNs() {
    return System.nanoTime();
  }

  @Override
  public SnapshotSource snapshots() {
    return _ -> new Snapshot(kernel.reasons(), symbols, Set.of(), Map.of());
  }

  @Override
  public TapOpener taps() {
    throw new UnsupportedOperationException("no packet is captured by hand");
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
    return lost.get();
  }

  @Override
  public List<ProbeStatus> probes() {
    return probes;
  }

  @Override
  public TracingReport checkup() {
    return new TracingReport(
        new KernelRelease("7.3.4", "x86_64"),
        true,
        List.of(
            new TracingCheck(
                "kprobes", TracingCheck.State.MISSING, "the kernel has no kprobes", "boot")),
        probes,
        List.of(new DetectionCapability(List.of(Cause.INVALID_SOURCE), Optional.empty(), "blind")));
  }

  @Override
  public List<StageCounts> stages() {
    return List.of(
        new StageCounts("ring", 9 + lost.get(), 6, 3, lost.get()),
        new StageCounts("journeys", 6, 4, 2, 0),
        stream.clients().stage());
  }

  @Override
  public int clients() {
    return feed().subscribers();
  }

  @Override
  public TraceFilter selection() {
    return selection;
  }

  @Override
  public long ringBytes() {
    return 1 << 16;
  }

  @Override
  public long ringUsedBytes() {
    return 208;
  }

  @Override
  public PacketCounters tallies() {
    throw new UnsupportedOperationException("the kernel counts nothing of what is made by hand");
  }

  @Override
  public List<ProbeCost> costs() {
    return List.of();
  }
}
