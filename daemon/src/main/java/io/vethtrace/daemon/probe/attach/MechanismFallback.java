package io.vethtrace.daemon.probe.attach;

import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.BpfLink;
import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.Libbpf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One probe point's way down its ladder. What is loaded and did not attach is kept as long as a
 * lower rung may need it, and closed where none holds. For one thread.
 */
final class MechanismFallback {
  private final Libbpf libbpf;
  private final Map<String, BpfMap> sharedMaps;
  private final KnownAttachFailures known;
  private final AttachFailureText why;
  private final ProbePoint point;
  private final byte[] elf;
  private final List<AttachFailure> refusals = new ArrayList<>();
  private AttachFailureText.Step step = AttachFailureText.Step.OPEN;
  private Set<Mechanism> loaded = Set.of();
  private @Nullable BpfObject object;

  MechanismFallback(
      Libbpf libbpf,
      Map<String, BpfMap> sharedMaps,
      KnownAttachFailures known,
      AttachFailureText why,
      ProbePoint point,
      byte[] elf) {
    this.libbpf = libbpf;
    this.sharedMaps = sharedMaps;
    this.known = known;
    this.why = why;
    this.point = point;
    this.elf = elf;
  }

  Attachment climb() {
    for (Mechanism mechanism : point.rungs()) {
      Optional<AttachFailure> refusal = known.of(point, mechanism);
      if (refusal.isPresent()) {
        refusals.add(refusal.get());
        continue;
      }
      try {
        return hold(mechanism);
      } catch (BpfException e) {
        refuse(mechanism, e);
      }
    }
    unload();
    return new Attachment.Missing(point, List.copyOf(refusals));
  }

  private Attachment hold(Mechanism mechanism) {
    BpfObject holding = loaded(mechanism);
    step = AttachFailureText.Step.ATTACH;
    List<BpfLink> links = attach(holding, mechanism);
    return new Attachment.Attached(point, mechanism, List.copyOf(refusals), holding, links);
  }

  private void refuse(Mechanism mechanism, BpfException e) {
    AttachFailure refusal = why.of(mechanism, step, e);
    known.learn(point, refusal, step);
    refusals.add(refusal);
  }

  private BpfObject loaded(Mechanism mechanism) {
    BpfObject before = object;
    if (before != null && loaded.contains(mechanism)) {
      return before;
    }
    unload();
    Set<Mechanism> together = together(mechanism);
    BpfObject now;
    try {
      now = load(together);
    } catch (BpfException e) {
      if (together.size() == 1) {
        throw e;
      }
      together = Set.of(mechanism); // the one may hold where the other cannot be loaded
      now = load(together);
    }
    object = now;
    loaded = together;
    return now;
  }

  private Set<Mechanism> together(Mechanism mechanism) {
    Mechanism second = point.rungs().get(1);
    boolean both =
        point.loadedTogether()
            && mechanism == point.rungs().getFirst()
            && known.of(point, second).isEmpty();
    return both ? Set.of(mechanism, second) : Set.of(mechanism);
  }

  private BpfObject load(Set<Mechanism> mechanisms) {
    step = AttachFailureText.Step.OPEN;
    BpfObject opened = libbpf.open(point.pointName(), elf);
    try {
      Set<String> programs =
          mechanisms.stream()
              .flatMap(mechanism -> mechanism.programs(point.pointName()).stream())
              .collect(Collectors.toSet());
      programs.forEach(opened::program); // one that is not there is a refusal
      opened.autoloadOnly(programs);
      sharedMaps.forEach(opened::reuse);
      step = AttachFailureText.Step.LOAD;
      opened.load();
      return opened;
    } catch (BpfException e) {
      opened.close();
      throw e;
    }
  }

  private List<BpfLink> attach(BpfObject holding, Mechanism mechanism) {
    List<BpfLink> links = new ArrayList<>();
    try {
      mechanism
          .programs(point.pointName())
          .forEach(program -> links.add(holding.program(program).attach()));
      return List.copyOf(links);
    } catch (BpfException e) {
      links.forEach(BpfLink::close);
      throw e;
    }
  }

  private void unload() {
    if (object != null) {
      object.close();
      object = null;
      loaded = Set.of();
    }
  }
}
