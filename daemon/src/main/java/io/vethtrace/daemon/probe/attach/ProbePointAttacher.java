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
 * Attaches one probe point: tries its candidates, the best first, until one works. An object that
 * is loaded and did not attach is kept as long as a later candidate may need it. For one thread.
 */
final class ProbePointAttacher {
  private final Libbpf libbpf;
  private final Map<String, BpfMap> sharedMaps;
  private final KnownAttachFailures knownFailures;
  private final AttachFailureText failureText;
  private final ProbePoint point;
  private final byte[] elf;
  private final List<AttachFailure> failures = new ArrayList<>();
  private AttachFailureText.Step step = AttachFailureText.Step.OPEN;
  private Set<Mechanism> loaded = Set.of();
  private @Nullable BpfObject object;

  ProbePointAttacher(
      Libbpf libbpf,
      Map<String, BpfMap> sharedMaps,
      KnownAttachFailures knownFailures,
      AttachFailureText failureText,
      ProbePoint point,
      byte[] elf) {
    this.libbpf = libbpf;
    this.sharedMaps = sharedMaps;
    this.knownFailures = knownFailures;
    this.failureText = failureText;
    this.point = point;
    this.elf = elf;
  }

  Attachment attach() {
    for (Mechanism mechanism : point.candidates()) {
      Optional<AttachFailure> refusal = knownFailures.of(point, mechanism);
      if (refusal.isPresent()) {
        failures.add(refusal.get());
        continue;
      }
      try {
        return attachBy(mechanism);
      } catch (BpfException e) {
        recordFailure(mechanism, e);
      }
    }
    unload();
    return new Attachment.Missing(point, List.copyOf(failures));
  }

  private Attachment attachBy(Mechanism mechanism) {
    BpfObject loadedObject = loaded(mechanism);
    step = AttachFailureText.Step.ATTACH;
    List<BpfLink> links = attach(loadedObject, mechanism);
    return new Attachment.Attached(point, mechanism, List.copyOf(failures), loadedObject, links);
  }

  private void recordFailure(Mechanism mechanism, BpfException e) {
    AttachFailure failure = failureText.of(mechanism, step, e);
    knownFailures.learn(point, failure, step);
    failures.add(failure);
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
      together = Set.of(mechanism); // one may work although the other cannot be loaded
      now = load(together);
    }
    object = now;
    loaded = together;
    return now;
  }

  private Set<Mechanism> together(Mechanism mechanism) {
    Mechanism second = point.candidates().get(1);
    boolean both =
        point.loadsFirstTwoTogether()
            && mechanism == point.candidates().getFirst()
            && knownFailures.of(point, second).isEmpty();
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
      programs.forEach(opened::program); // a program that is missing is a failure
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

  private List<BpfLink> attach(BpfObject loadedObject, Mechanism mechanism) {
    List<BpfLink> links = new ArrayList<>();
    try {
      mechanism
          .programs(point.pointName())
          .forEach(program -> links.add(loadedObject.program(program).attach()));
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
