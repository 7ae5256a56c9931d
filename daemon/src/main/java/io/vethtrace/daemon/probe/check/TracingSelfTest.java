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
 * @param probes every probe point, in the order of the hooks
 */
public record TracingSelfTest(
    TrialResult libbpf, TrialResult ring, TrialResult tracing, List<ProbeStatus> probes) {

  /** Tries each thing, and goes on where one fails. Nothing stays in the kernel. */
  public static TracingSelfTest byTrying(int ringBytes) {
    try {
      return byTrying(Libbpf.load(), ringBytes);
    } catch (LibbpfMissingException e) {
      TrialResult missing = new TrialResult.Failed(e.found(), e.remedy());
      TrialResult notTried = new TrialResult.NotTried("libbpf is missing");
      return new TracingSelfTest(missing, notTried, notTried, untried());
    }
  }

  private static TracingSelfTest byTrying(Libbpf libbpf, int ringBytes) {
    TrialResult library = new TrialResult.Held(libbpf.version());
    TrialResult ring = ring(libbpf, ringBytes);
    if (!(ring instanceof TrialResult.Held)) {
      return new TracingSelfTest(
          library, ring, new TrialResult.NotTried("there is no ring to write to"), untried());
    }
    try {
      List<ProbeStatus> probes = Probes.tryOut(libbpf, new ProbeOptions(ringBytes));
      return new TracingSelfTest(library, ring, new TrialResult.Held("tried"), probes);
    } catch (TracingUnavailableException e) {
      return new TracingSelfTest(library, ring, new TrialResult.NotTried(e.found()), untried());
    }
  }

  /** Returns the result of a process that traces already. */
  public static TracingSelfTest ofTracing(List<ProbeStatus> probes, long ringBytes) {
    return new TracingSelfTest(
        new TrialResult.Held(Libbpf.load().version()),
        new TrialResult.Held(ByteCountText.of(ringBytes)),
        new TrialResult.Held("tried"),
        probes);
  }

  private static TrialResult ring(Libbpf libbpf, int ringBytes) {
    try (SharedMaps _ = SharedMaps.create(libbpf, ringBytes)) {
      return new TrialResult.Held(ByteCountText.of(ringBytes));
    } catch (TracingUnavailableException e) {
      return new TrialResult.Failed(e.found(), e.remedy());
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
