package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.libbpf.LibbpfMissingException;
import java.util.List;

/**
 * What this process can do with this kernel, found by doing it.
 *
 * @param libbpf the library, with its version
 * @param ring the ring buffer, with its size
 * @param tracing why no probe point could even be tried; held where they were
 * @param probes every probe point, in the order of the ladder
 */
public record Examination(Attempt libbpf, Attempt ring, Attempt tracing, List<ProbeStatus> probes) {

  /** Tries each thing, and goes on where one fails. Nothing stays in the kernel. */
  public static Examination byTrying(int ringBytes) {
    try {
      return byTrying(Libbpf.load(), ringBytes);
    } catch (LibbpfMissingException e) {
      Attempt missing = new Attempt.Failed(e.found(), e.remedy());
      Attempt notTried = new Attempt.NotTried("libbpf is missing");
      return new Examination(missing, notTried, notTried, untried());
    }
  }

  private static Examination byTrying(Libbpf libbpf, int ringBytes) {
    Attempt library = new Attempt.Held(libbpf.version());
    Attempt ring = ring(libbpf, ringBytes);
    if (!(ring instanceof Attempt.Held)) {
      return new Examination(
          library, ring, new Attempt.NotTried("there is no ring to write to"), untried());
    }
    try {
      List<ProbeStatus> probes = Probes.tryOut(libbpf, new ProbeOptions(ringBytes));
      return new Examination(library, ring, new Attempt.Held("tried"), probes);
    } catch (TracingUnavailableException e) {
      return new Examination(library, ring, new Attempt.NotTried(e.found()), untried());
    }
  }

  /** Of a process that traces already. */
  public static Examination ofTracing(List<ProbeStatus> probes, long ringBytes) {
    return new Examination(
        new Attempt.Held(Libbpf.load().version()),
        new Attempt.Held(Bytes.of(ringBytes)),
        new Attempt.Held("tried"),
        probes);
  }

  private static Attempt ring(Libbpf libbpf, int ringBytes) {
    try (SharedMaps _ = SharedMaps.create(libbpf, ringBytes)) {
      return new Attempt.Held(Bytes.of(ringBytes));
    } catch (TracingUnavailableException e) {
      return new Attempt.Failed(e.found(), e.remedy());
    }
  }

  private static List<ProbeStatus> untried() {
    return ProbePoint.LADDER.stream().map(ProbeStatus::untried).toList();
  }

  /** Whether anything can be traced. */
  public boolean tracingPossible() {
    return probes.stream().anyMatch(probe -> probe.mechanism().isPresent());
  }
}
