package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.kernel.Capabilities;
import io.vethtrace.daemon.kernel.Capability;
import io.vethtrace.daemon.kernel.KernelFacts;
import io.vethtrace.daemon.kernel.KernelFacts.KprobeFacts;
import io.vethtrace.daemon.libbpf.Errno;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What came of trying, judged together with the facts. Pure. */
public final class TracingChecks {
  private TracingChecks() {}

  /** All checks, in the order in which people read them. */
  public static List<Check> all(KernelFacts facts, Examination tried) {
    Capabilities capabilities = facts.capabilities();
    return List.of(
        KernelChecks.release(facts),
        KernelChecks.vmlinuxBtf(facts.btf()),
        KernelChecks.moduleBtf(facts.btf()),
        KernelChecks.dropReasons(facts.btf()),
        KernelChecks.symbols(facts.symbols()),
        KernelChecks.lockdown(facts.lockdown()),
        KernelChecks.capabilities(capabilities, facts.symbols().known()),
        memlock(facts, tried.ring()),
        attempt("libbpf", tried.libbpf()),
        attempt("ring buffer", tried.ring()),
        trampolines(tried),
        kprobes(facts.kprobes(), capabilities, tried),
        KernelChecks.entering(facts.namespaces()),
        KernelChecks.hostNamespace(facts.namespaces(), capabilities));
  }

  private static Check attempt(String name, Attempt attempt) {
    return switch (attempt) {
      case Attempt.Held(String what) -> Check.ok(name, what);
      case Attempt.Failed(String found, String remedy) -> Check.missing(name, found, remedy);
      case Attempt.NotTried(String why) -> Check.missing(name, "not tried: " + why, "");
    };
  }

  /** A limit is of no matter where the ring could be made, which tells old kernels from new. */
  static Check memlock(KernelFacts facts, Attempt ring) {
    String name = "memlock";
    if (facts.memlockBytes().isEmpty()) {
      return Check.ok(name, "no limit");
    }
    String limit = "a limit of " + Bytes.of(facts.memlockBytes().getAsLong());
    return switch (ring) {
      case Attempt.Held held -> Check.ok(name, limit + ", which is enough");
      case Attempt.Failed failed when facts.capabilities().mayUseBpf() ->
          Check.limited(
              name,
              limit + ", against which this kernel may count the ring",
              "ulimit -l unlimited; LimitMEMLOCK=infinity in a systemd unit");
      case Attempt.Failed failed -> Check.ok(name, limit);
      case Attempt.NotTried notTried -> Check.ok(name, limit);
    };
  }

  static Check trampolines(Examination tried) {
    String name = "fentry, fexit";
    if (!(tried.tracing() instanceof Attempt.Held)) {
      return attempt(name, tried.tracing());
    }
    List<ProbeStatus> refused = refused(tried, Mechanism::isTrampoline).toList();
    String taken = names(taken(tried, Mechanism::isTrampoline));
    if (refused.isEmpty()) {
      return Check.ok(name, "hold for " + taken);
    }
    Refusal why = refusal(refused.getFirst(), Mechanism::isTrampoline).orElseThrow();
    String found = "not for " + names(refused.stream());
    return taken.isEmpty()
        ? Check.missing(name, found, why.remedy())
        : Check.limited(name, found, why.remedy());
  }

  static Check kprobes(KprobeFacts kprobes, Capabilities capabilities, Examination tried) {
    String name = "kprobes";
    if (!kprobes.pmu()) {
      Refusal none = KnownRefusals.noKprobes(Mechanism.KPROBE);
      return Check.missing(name, none.why(), none.remedy());
    }
    if (kprobes.disarmed()) {
      return Check.missing(
          name, "all are switched off", "echo 1 > /sys/kernel/debug/kprobes/enabled");
    }
    return forbiddenKprobe(tried)
        .map(refusal -> Check.limited(name, refusal.why(), refusal.remedy()))
        .orElseGet(() -> untriedKprobes(kprobes, capabilities));
  }

  private static Optional<Refusal> forbiddenKprobe(Examination tried) {
    return tried.probes().stream()
        .flatMap(probe -> probe.refusals().stream())
        .filter(refusal -> refusal.mechanism().isKprobe())
        .filter(refusal -> refusal.errno() == Errno.EPERM || refusal.errno() == Errno.EACCES)
        .findFirst();
  }

  /** perf_kprobe_event_init asks for CAP_PERFMON whatever perf_event_paranoid is (6.18). */
  private static Check untriedKprobes(KprobeFacts kprobes, Capabilities capabilities) {
    boolean allowed = capabilities.mayMonitor();
    boolean debian = kprobes.perfEventParanoid().orElse(0) > 2;
    if (allowed && (!debian || capabilities.has(Capability.CAP_SYS_ADMIN))) {
      return Check.ok("kprobes", "can be made where fentry and fexit cannot");
    }
    return Check.limited(
        "kprobes",
        "perf_event_open(2) asks for " + (debian ? "CAP_SYS_ADMIN here" : "CAP_PERFMON"),
        debian
            ? "sysctl -w kernel.perf_event_paranoid=2, or give CAP_SYS_ADMIN"
            : "give CAP_PERFMON");
  }

  private static Stream<ProbeStatus> taken(Examination tried, Predicate<Mechanism> kind) {
    return tried.probes().stream().filter(probe -> probe.mechanism().filter(kind).isPresent());
  }

  private static Stream<ProbeStatus> refused(Examination tried, Predicate<Mechanism> kind) {
    return tried.probes().stream().filter(probe -> refusal(probe, kind).isPresent());
  }

  private static Optional<Refusal> refusal(ProbeStatus probe, Predicate<Mechanism> kind) {
    return probe.refusals().stream().filter(r -> kind.test(r.mechanism())).findFirst();
  }

  private static String names(Stream<ProbeStatus> probes) {
    return probes.map(ProbeStatus::name).collect(Collectors.joining(", "));
  }
}
