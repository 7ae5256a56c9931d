package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.BpfLink;
import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.Libbpf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tries a probe point's mechanisms from the best down and keeps the first that attaches. */
final class Ladder {
  private final Libbpf libbpf;
  private final Map<String, BpfMap> sharedMaps;

  /**
   * @param sharedMaps the maps that every object uses in place of its own, by name
   */
  Ladder(Libbpf libbpf, Map<String, BpfMap> sharedMaps) {
    this.libbpf = libbpf;
    this.sharedMaps = sharedMaps;
  }

  Attachment climb(ProbePoint point) {
    byte[] elf = BpfResource.object(point.pointName());
    List<Refusal> refusals = new ArrayList<>();
    for (Mechanism mechanism : point.rungs()) {
      Rung rung = new Rung(point, mechanism, elf);
      try {
        BpfObject object = rung.load();
        return new Attachment.Attached(
            point, mechanism, List.copyOf(refusals), object, rung.attach(object));
      } catch (BpfException e) {
        refusals.add(Refusals.of(mechanism, rung.step, e));
      }
    }
    return new Attachment.Missing(point, List.copyOf(refusals));
  }

  /** One attempt; whatever it opened is closed again where it fails. */
  private final class Rung {
    private final ProbePoint point;
    private final byte[] elf;
    private final List<String> programs;
    private Refusals.Step step = Refusals.Step.OPEN;

    Rung(ProbePoint point, Mechanism mechanism, byte[] elf) {
      this.point = point;
      this.elf = elf;
      programs = mechanism.programs(point.pointName());
    }

    BpfObject load() {
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

    List<BpfLink> attach(BpfObject object) {
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
