package io.vethtrace.daemon.probe.check;

import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.libbpf.LibbpfMissingException;
import io.vethtrace.daemon.probe.ProbeOptions;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.Probes;
import io.vethtrace.daemon.probe.SharedMaps;
import io.vethtrace.daemon.probe.attach.ByteCountText;
import io.vethtrace.daemon.probe.attach.ProbePoint;
import io.vethtrace.daemon.probe.attach.TracingUnavailableException;
import java.util.List;

/**
 * The abilities of this process on this kernel, found by trying them.
 *
 * @param libbpf the library, with its version
 * @param ring the ring buffer, with its size
 * @param tracing why no probe point could even be tried; held where they were
 * @param probes every probe point, in the order of the ladder
 */
public record TracingTrial(
    AttemptResult libbpf, AttemptResult ring, AttemptResult tracing, List<ProbeStatus> probes) {

  /** Tries each thing, and goes on where one fails. Nothing stays in the kernel. */
  public static TracingTrial byTrying(int ringBytes) {
    try {
      return byTrying(Libbpf.load(), ringBytes);
    } catch (LibbpfMissingException e) {
      AttemptResult missing = new AttemptResult.Failed(e.found(), e.remedy());
      AttemptResult notTried = new AttemptResult.NotTried("libbpf is missing");
      return new TracingTrial(missing, notTried, notTried, untried());
    }
  }

  private static TracingTrial byTrying(Libbpf libbpf, int ringBytes) {
    AttemptResult library = new AttemptResult.Held(libbpf.version());
    AttemptResult ring = ring(libbpf, ringBytes);
    if (!(ring instanceof AttemptResult.Held)) {
      return new TracingTrial(
          library, ring, new AttemptResult.NotTried("there is no ring to write to"), untried());
    }
    try {
      List<ProbeStatus> probes = Probes.tryOut(libbpf, new ProbeOptions(ringBytes));
      return new TracingTrial(library, ring, new AttemptResult.Held("tried"), probes);
    } catch (TracingUnavailableException e) {
      return new TracingTrial(library, ring, new AttemptResult.NotTried(e.found()), untried());
    }
  }

  /** Returns the result of a process that traces already. */
  public static TracingTrial ofTracing(List<ProbeStatus> probes, long ringBytes) {
    return new TracingTrial(
        new AttemptResult.Held(Libbpf.load().version()),
        new AttemptResult.Held(ByteCountText.of(ringBytes)),
        new AttemptResult.Held("tried"),
        probes);
  }

  private static AttemptResult ring(Libbpf libbpf, int ringBytes) {
    try (SharedMaps _ = SharedMaps.create(libbpf, ringBytes)) {
      return new AttemptResult.Held(ByteCountText.of(ringBytes));
    } catch (TracingUnavailableException e) {
      return new AttemptResult.Failed(e.found(), e.remedy());
    }
  }

  private static List<ProbeStatus> untried() {
    return ProbePoint.ALL.stream().map(ProbeStatus::untried).toList();
  }

  /** Returns true if anything can be traced. */
  public boolean tracingPossible() {
    return probes.stream().anyMatch(probe -> probe.mechanism().isPresent());
  }
}
