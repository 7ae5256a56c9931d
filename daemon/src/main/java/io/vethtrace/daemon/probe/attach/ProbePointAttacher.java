package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.kernel.host.Capabilities;
import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.probe.object.ObjectPatch;
import io.vethtrace.daemon.probe.object.TraceFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Tries each probe point's mechanisms from the best down and keeps the first that attaches. */
public final class ProbePointAttacher {
  private final Libbpf libbpf;
  private final Map<String, BpfMap> sharedMaps;
  private final TraceFilter selection;
  private final KnownAttachFailures known = new KnownAttachFailures();
  private final AttachFailureText why = new AttachFailureText(Capabilities.ofThisProcess());

  /**
   * @param sharedMaps the maps that every object uses in place of its own, by name
   * @param selection what every object tells of
   */
  public ProbePointAttacher(Libbpf libbpf, Map<String, BpfMap> sharedMaps, TraceFilter selection) {
    this.libbpf = libbpf;
    this.sharedMaps = sharedMaps;
    this.selection = selection;
  }

  /**
   * Climbs all ladders at once, as most of a rung is libbpf reading the kernel's BTF.
   *
   * @param attachments gets every outcome, also where this throws
   */
  public void climbAll(Map<ProbePoint, Attachment> attachments) {
    int threads = Math.min(ProbePoint.LADDER.size(), Runtime.getRuntime().availableProcessors());
    List<CompletableFuture<Void>> climbs = new ArrayList<>();
    try (ExecutorService climbers = Executors.newFixedThreadPool(threads)) {
      for (ProbePoint point : ProbePoint.LADDER) {
        byte[] elf = ObjectPatch.apply(selection, BpfObjectFiles.object(point.pointName()));
        MechanismFallback climb = new MechanismFallback(libbpf, sharedMaps, known, why, point, elf);
        climbs.add(
            CompletableFuture.runAsync(() -> attachments.put(point, climb.climb()), climbers));
      }
    }
    climbs.forEach(CompletableFuture::join);
  }
}
