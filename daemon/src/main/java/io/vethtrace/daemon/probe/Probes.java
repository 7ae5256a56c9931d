package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.libbpf.RunStatistics;
import io.vethtrace.daemon.probe.attach.Attachment;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.attach.ProbeAttacher;
import io.vethtrace.daemon.probe.attach.ProbeCost;
import io.vethtrace.daemon.probe.attach.ProbePoint;
import io.vethtrace.daemon.probe.attach.UnavailableReasons;
import io.vethtrace.daemon.probe.counter.KernelPacketCounters;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.probe.ring.EventReader;
import io.vethtrace.daemon.probe.ring.RingReader;
import io.vethtrace.daemon.trace.Hook;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All probe points, each attached by the best mechanism that works, and their ring. */
public final class Probes implements AutoCloseable {
  private final SharedMaps maps;
  private final RingReader ring;
  private final EventReader reader;
  private final List<Attachment> attachments;
  private volatile @Nullable RunStatistics statistics;

  private Probes(SharedMaps maps, RingReader ring, List<Attachment> attachments) {
    this.maps = maps;
    this.ring = ring;
    this.attachments = attachments;
    reader = new EventReader(ring);
  }

  /**
   * Loads and attaches all probe points.
   *
   * @throws TracingUnavailableException if nothing can be traced here
   * @throws io.vethtrace.daemon.libbpf.LibbpfMissingException if libbpf is not installed
   */
  public static Probes open(ProbeOptions options) {
    Libbpf libbpf = Libbpf.load();
    UnavailableReasons.requireBtf(UnavailableReasons.KERNEL_BTF);
    SharedMaps maps = SharedMaps.create(libbpf, options.ringBytes());
    Map<ProbePoint, Attachment> attachments = new ConcurrentHashMap<>();
    try {
      new ProbeAttacher(libbpf, maps.byName(), options.filter()).attachAll(attachments);
      requireOne(attachments.values());
      RingReader ring = new RingReader(maps.events(), options.ringBytes());
      return new Probes(maps, ring, inOrder(attachments));
    } catch (RuntimeException e) {
      detach(attachments.values());
      maps.close();
      throw e;
    }
  }

  /**
   * Loads and attaches each point by the best mechanism that works, and detaches it at once.
   *
   * @return the points; none is attached if the kernel allows nothing
   * @throws TracingUnavailableException if not even an attempt can be made
   */
  public static List<ProbeStatus> tryOut(Libbpf libbpf, ProbeOptions options) {
    UnavailableReasons.requireBtf(UnavailableReasons.KERNEL_BTF);
    Map<ProbePoint, Attachment> attachments = new ConcurrentHashMap<>();
    try (SharedMaps maps = SharedMaps.create(libbpf, options.ringBytes())) {
      new ProbeAttacher(libbpf, maps.byName(), options.filter()).attachAll(attachments);
      return inOrder(attachments).stream().map(a -> status(a, ProbeHitCounters.NONE)).toList();
    } finally {
      detach(attachments.values());
    }
  }

  private static List<Attachment> inOrder(Map<ProbePoint, Attachment> attachments) {
    return ProbePoint.ALL.stream().map(attachments::get).map(Objects::requireNonNull).toList();
  }

  /** The reader of the events. For one thread. */
  public EventReader reader() {
    return reader;
  }

  /** Every probe point, in the order of the hooks. On any thread. */
  public List<ProbeStatus> status() {
    return attachments.stream().map(a -> status(a, maps.of(a.point().hook()))).toList();
  }

  /** The kernel's own counts, which no loss of events affects. On any thread, even when closed. */
  public KernelPacketCounters packetCounters() {
    return maps.packetCounters();
  }

  /** The cost of each probe point that is attached. On any thread, until {@link #close}. */
  public List<ProbeCost> costs() {
    return attachments.stream()
        .filter(Attachment.Attached.class::isInstance)
        .map(attachment -> ((Attachment.Attached) attachment).cost())
        .toList();
  }

  /** Bytes of the ring that wait to be read. On any thread, until {@link #close}. */
  public long ringUsedBytes() {
    return ring.usedBytes();
  }

  /**
   * Makes the kernel measure {@link #costs} until {@link #close}. Returns false if it does not
   * allow that.
   */
  public boolean measureCosts() {
    try {
      statistics = Libbpf.load().measureRuns();
      return true;
    } catch (BpfException e) {
      return false;
    }
  }

  /** The number of events that found the ring full, so far. On any thread. */
  public long lost() {
    return attachments.stream().mapToLong(a -> maps.of(a.point().hook()).lost()).sum();
  }

  /** The mechanism that {@code hook} is attached by; empty if none works. */
  public Optional<Mechanism> mechanism(Hook hook) {
    return attachments.stream()
        .filter(attachment -> attachment.point().hook() == hook)
        .findFirst()
        .flatMap(Probes::mechanism);
  }

  /** Detaches and unloads everything. The reader's thread must have stopped. */
  @Override
  public void close() {
    RunStatistics measuring = statistics;
    if (measuring != null) {
      measuring.close();
    }
    detach(attachments);
    ring.close();
    maps.close();
  }

  private static ProbeStatus status(Attachment attachment, ProbeHitCounters counters) {
    return new ProbeStatus(
        attachment.point().hook(), mechanism(attachment), attachment.failures(), counters);
  }

  private static Optional<Mechanism> mechanism(Attachment attachment) {
    return switch (attachment) {
      case Attachment.Attached attached -> Optional.of(attached.mechanism());
      case Attachment.Missing missing -> Optional.empty();
    };
  }

  private static void requireOne(Collection<Attachment> attachments) {
    if (attachments.stream().allMatch(Attachment.Missing.class::isInstance)) {
      throw UnavailableReasons.nothingAttached(
          attachments.stream().flatMap(attachment -> attachment.failures().stream()).toList(),
          ProcessCapabilities.ofThisProcess());
    }
  }

  private static void detach(Collection<Attachment> attachments) {
    for (Attachment attachment : attachments) {
      if (attachment instanceof Attachment.Attached attached) {
        attached.close();
      }
    }
  }
}
