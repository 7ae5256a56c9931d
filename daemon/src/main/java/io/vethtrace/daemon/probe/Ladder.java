package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.Libbpf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Tries each probe point's mechanisms from the best down and keeps the first that attaches. */
final class Ladder {
  private final Libbpf libbpf;
  private final Map<String, BpfMap> sharedMaps;
  private final KnownRefusals known = new KnownRefusals();

  /**
   * @param sharedMaps the maps that every object uses in place of its own, by name
   */
  Ladder(Libbpf libbpf, Map<String, BpfMap> sharedMaps) {
    this.libbpf = libbpf;
    this.sharedMaps = sharedMaps;
  }

  /**
   * Climbs all ladders at once, as most of a rung is libbpf reading the kernel's BTF.
   *
   * @param attachments gets every outcome, also where this throws
   */
  void climbAll(Map<ProbePoint, Attachment> attachments) {
    int threads = Math.min(ProbePoint.LADDER.size(), Runtime.getRuntime().availableProcessors());
    List<CompletableFuture<Void>> climbs = new ArrayList<>();
    try (ExecutorService climbers = Executors.newFixedThreadPool(threads)) {
      for (ProbePoint point : ProbePoint.LADDER) {
        Climb climb = new Climb(libbpf, sharedMaps, known, point);
        climbs.add(
            CompletableFuture.runAsync(() -> attachments.put(point, climb.climb()), climbers));
      }
    }
    climbs.forEach(CompletableFuture::join);
  }
}
