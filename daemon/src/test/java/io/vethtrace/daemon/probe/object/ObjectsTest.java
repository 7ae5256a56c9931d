package io.vethtrace.daemon.probe.object;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.probe.RunningKernel;
import io.vethtrace.daemon.probe.SharedMaps;
import io.vethtrace.daemon.probe.attach.BpfObjectFiles;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.attach.ProbePoint;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The objects of both architectures. They differ where a kprobe reads registers; the tracepoint
 * programs of either have to pass the verifier of any kernel, this one's too.
 */
class ObjectsTest {
  @BeforeAll
  static void needs_root() throws IOException {
    RunningKernel.requireRoot();
  }

  @TestFactory
  Stream<DynamicTest> every_rung_has_its_programs_and_tracepoints_pass_the_verifier() {
    return Stream.of("x86_64", "arm64")
        .flatMap(architecture -> ProbePoint.ALL.stream().map(point -> loads(point, architecture)));
  }

  private static DynamicTest loads(ProbePoint point, String architecture) {
    return dynamicTest(
        point.pointName() + " for " + architecture,
        () -> assertThatCode(() -> load(point, architecture)).doesNotThrowAnyException());
  }

  private static void load(ProbePoint point, String architecture) {
    Libbpf libbpf = Libbpf.load();
    byte[] elf = BpfObjectFiles.object(point.pointName(), architecture);
    try (SharedMaps maps = SharedMaps.create(libbpf, 1 << 16);
        BpfObject object = libbpf.open(point.pointName(), elf)) {
      programs(point, point.candidates()).forEach(object::program);
      object.autoloadOnly(programs(point, tracepoints(point)));
      maps.byName().forEach(object::reuse);
      object.load();
    }
  }

  private static List<Mechanism> tracepoints(ProbePoint point) {
    return point.candidates().stream()
        .filter(candidate -> !candidate.isTrampoline() && !candidate.isKprobe())
        .toList();
  }

  private static Set<String> programs(ProbePoint point, List<Mechanism> candidates) {
    return candidates.stream()
        .flatMap(candidate -> candidate.programs(point.pointName()).stream())
        .collect(Collectors.toSet());
  }
}
