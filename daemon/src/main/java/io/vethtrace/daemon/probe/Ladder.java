package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.kernel.Capabilities;
import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.BpfLink;
import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.Libbpf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Tries a probe point's mechanisms from the best down and keeps the first that attaches. */
final class Ladder {
  private final Libbpf libbpf;
  private final Map<String, BpfMap> sharedMaps;
  private final Refusals why = new Refusals(Capabilities.ofThisProcess());
  private final boolean kprobes = Refusals.kernelHasKprobes();

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
        byte[] elf = BpfResource.object(point.pointName());
        climbs.add(
            CompletableFuture.runAsync(() -> attachments.put(point, climb(point, elf)), climbers));
      }
    }
    climbs.forEach(CompletableFuture::join);
  }

  private Attachment climb(ProbePoint point, byte[] elf) {
    List<Refusal> refusals = new ArrayList<>();
    for (Mechanism mechanism : point.rungs()) {
      if (mechanism.isKprobe() && !kprobes) {
        refusals.add(Refusals.noKprobes(mechanism));
        continue;
      }
      Rung rung = new Rung(point, mechanism, elf);
      try {
        return rung.hold(List.copyOf(refusals));
      } catch (BpfException e) {
        refusals.add(why.of(mechanism, rung.step, e));
      }
    }
    return new Attachment.Missing(point, List.copyOf(refusals));
  }

  /** One attempt; whatever it opened is closed again where it fails. */
  private final class Rung {
    private final ProbePoint point;
    private final Mechanism mechanism;
    private final byte[] elf;
    private final List<String> programs;
    private Refusals.Step step = Refusals.Step.OPEN;

    Rung(ProbePoint point, Mechanism mechanism, byte[] elf) {
      this.point = point;
      this.mechanism = mechanism;
      this.elf = elf;
      programs = mechanism.programs(point.pointName());
    }

    Attachment.Attached hold(List<Refusal> refusals) {
      BpfObject object = load();
      return new Attachment.Attached(point, mechanism, refusals, object, attach(object));
    }

    private BpfObject load() {
      BpfObject object = libbpf.open(point.pointName(), elf);
      try {
        programs.forEach(object::program); // one that is not there is a refusal
        object.autoloadOnly(Set.copyOf(programs));
        sharedMaps.forEach(object::reuse);
        step = Refusals.Step.LOAD;
        object.load();
        return object;
      } catch (BpfException e) {
        object.close();
        throw e;
      }
    }

    private List<BpfLink> attach(BpfObject object) {
      step = Refusals.Step.ATTACH;
      List<BpfLink> links = new ArrayList<>();
      try {
        programs.forEach(program -> links.add(object.program(program).attach()));
        return List.copyOf(links);
      } catch (BpfException e) {
        links.forEach(BpfLink::close);
        object.close();
        throw e;
      }
    }
  }
}
