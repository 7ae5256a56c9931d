package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.kernel.Capabilities;
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
  private final Selection selection;
  private final KnownRefusals known = new KnownRefusals();
  private final Refusals why = new Refusals(Capabilities.ofThisProcess());

  /**
   * @param sharedMaps the maps that every object uses in place of its own, by name
   * @param selection what every object tells of
   */
  Ladder(Libbpf libbpf, Map<String, BpfMap> sharedMaps, Selection selection) {
    this.libbpf = libbpf;
    this.sharedMaps = sharedMaps;
    this.selection = selection;
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
        byte[] elf = selection.writtenInto(BpfResource.object(point.pointName()));
        Climb climb = new Climb(libbpf, sharedMaps, known, why, point, elf);
        climbs.add(
            CompletableFuture.runAsync(() -> attachments.put(point, climb.climb()), climbers));
      }
    }
    climbs.forEach(CompletableFuture::join);
  }
}
