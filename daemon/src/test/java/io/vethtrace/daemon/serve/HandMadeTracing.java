package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.diagnose.Cause;
import io.vethtrace.daemon.diagnose.Outlook;
import io.vethtrace.daemon.diagnose.Snapshot;
import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.kernel.KernelRelease;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.probe.Check;
import io.vethtrace.daemon.probe.ProbeCost;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Selection;
import io.vethtrace.daemon.probe.Tallies;
import io.vethtrace.daemon.probe.Tally;
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
  Selection selection = Selection.all();
  final Rates rates = new Rates();
  private final Kernel kernel = Kernel.V7_3;
  private final Symbols symbols = kernel.symbols();
  private final TraceStream stream = new TraceStream(HistorySize.of(1 << 20, Duration.ofHours(1)));
  private CompletableFuture<Void> quiet = CompletableFuture.completedFuture(null);
  private final Messages messages =
      new Messages(
          new Names(
              kernel.reasons(),
              _ -> symbols,
              inode -> "ns" + inode,
              Map.of(Hook.VETH_XMIT, "fentry")));
  private final List<ProbeStatus> probes;
  final List<Tally> tallies = new CopyOnWriteArrayList<>();
  final AtomicLong unixNs = new AtomicLong(1_000);
  private final DropLedger drops = new DropLedger(() -> tallies, unixNs::get);

  HandMadeTracing(ProbeStatus... probes) {
    this.probes = List.of(probes);
  }

  /** The packet's journey came to its end. */
  Journey publish(Skb skb) {
    Journey journey = skb.journey();
    stream.ended(journey);
    return journey;
  }

  @Override
  public TraceStream stream() {
    return stream;
  }

  @Override
  public Rates rates() {
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
  public Taps taps() {
    throw new UnsupportedOperationException("no packet is captured by hand");
  }

  @Override
  public Messages messages() {
    return messages;
  }

  @Override
  public DropLedger drops() {
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
  public Checkup checkup() {
    return new Checkup(
        new KernelRelease("7.3.4", "x86_64"),
        true,
        List.of(new Check("kprobes", Check.State.MISSING, "the kernel has no kprobes", "boot")),
        probes,
        List.of(new Outlook(List.of(Cause.INVALID_SOURCE), Optional.empty(), "blind")));
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
  public Selection selection() {
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
  public Tallies tallies() {
    throw new UnsupportedOperationException("the kernel counts nothing of what is made by hand");
  }

  @Override
  public List<ProbeCost> costs() {
    return List.of();
  }
}
