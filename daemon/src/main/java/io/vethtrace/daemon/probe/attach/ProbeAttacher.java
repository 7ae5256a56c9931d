package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
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

/** Attaches all probe points, each by the first of its candidates that works. */
public final class ProbeAttacher {
  private final Libbpf libbpf;
  private final Map<String, BpfMap> sharedMaps;
  private final TraceFilter filter;
  private final KnownAttachFailures knownFailures = new KnownAttachFailures();
  private final AttachFailureText failureText =
      new AttachFailureText(ProcessCapabilities.ofThisProcess());

  /**
   * @param sharedMaps the maps that every object uses in place of its own, by name
   * @param filter the packets of which the programs make events
   */
  public ProbeAttacher(Libbpf libbpf, Map<String, BpfMap> sharedMaps, TraceFilter filter) {
    this.libbpf = libbpf;
    this.sharedMaps = sharedMaps;
    this.filter = filter;
  }

  /**
   * Attaches all points at once, as most of the time goes to libbpf, which reads the kernel's BTF.
   *
   * @param attachments gets the outcome of each point, also if this throws
   */
  public void attachAll(Map<ProbePoint, Attachment> attachments) {
    int threads = Math.min(ProbePoint.ALL.size(), Runtime.getRuntime().availableProcessors());
    List<CompletableFuture<Void>> attempts = new ArrayList<>();
    try (ExecutorService threadPool = Executors.newFixedThreadPool(threads)) {
      for (ProbePoint point : ProbePoint.ALL) {
        byte[] elf = ObjectPatch.apply(filter, BpfObjectFiles.object(point.pointName()));
        ProbePointAttacher attacher =
            new ProbePointAttacher(libbpf, sharedMaps, knownFailures, failureText, point, elf);
        attempts.add(
            CompletableFuture.runAsync(
                () -> attachments.put(point, attacher.attach()), threadPool));
      }
    }
    attempts.forEach(CompletableFuture::join);
  }
}
