package io.vethtrace.daemon.probe.check;

import io.vethtrace.daemon.kernel.host.Capability;
import io.vethtrace.daemon.kernel.host.KernelFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.KprobeFacts;
import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.libbpf.BpfErrno;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.AttachFailure;
import io.vethtrace.daemon.probe.attach.ByteCountText;
import io.vethtrace.daemon.probe.attach.KnownAttachFailures;
import io.vethtrace.daemon.probe.attach.Mechanism;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges the results of a trial together with the facts about the kernel. Pure. */
public final class AttachChecks {
  private AttachChecks() {}

  /** All checks, in the order in which people read them. */
  public static List<TracingCheck> all(KernelFacts facts, TracingSelfTest tried) {
    ProcessCapabilities capabilities = facts.capabilities();
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

  private static TracingCheck attempt(String name, TrialResult attempt) {
    return switch (attempt) {
      case TrialResult.Held(String what) -> TracingCheck.ok(name, what);
      case TrialResult.Failed(String found, String remedy) ->
          TracingCheck.missing(name, found, remedy);
      case TrialResult.NotTried(String why) -> TracingCheck.missing(name, "not tried: " + why, "");
    };
  }

  /** The limit does not matter if the ring could be made: newer kernels ignore it. */
  static TracingCheck memlock(KernelFacts facts, TrialResult ring) {
    String name = "memlock";
    if (facts.memlockBytes().isEmpty()) {
      return TracingCheck.ok(name, "no limit");
    }
    String limit = "a limit of " + ByteCountText.of(facts.memlockBytes().getAsLong());
    return switch (ring) {
      case TrialResult.Held held -> TracingCheck.ok(name, limit + ", which is enough");
      case TrialResult.Failed failed when facts.capabilities().mayUseBpf() ->
          TracingCheck.limited(
              name,
              limit + ", against which this kernel may count the ring",
              "ulimit -l unlimited; LimitMEMLOCK=infinity in a systemd unit");
      case TrialResult.Failed failed -> TracingCheck.ok(name, limit);
      case TrialResult.NotTried notTried -> TracingCheck.ok(name, limit);
    };
  }

  static TracingCheck trampolines(TracingSelfTest tried) {
    String name = "fentry, fexit";
    if (!(tried.tracing() instanceof TrialResult.Held)) {
      return attempt(name, tried.tracing());
    }
    List<ProbeStatus> refused = refused(tried, Mechanism::isTrampoline).toList();
    String taken = names(taken(tried, Mechanism::isTrampoline));
    if (refused.isEmpty()) {
      return TracingCheck.ok(name, "attach to " + taken);
    }
    AttachFailure why = refusal(refused.getFirst(), Mechanism::isTrampoline).orElseThrow();
    String found = "cannot attach to " + names(refused.stream());
    return taken.isEmpty()
        ? TracingCheck.missing(name, found, why.remedy())
        : TracingCheck.limited(name, found, why.remedy());
  }

  static TracingCheck kprobes(
      KprobeFacts kprobes, ProcessCapabilities capabilities, TracingSelfTest tried) {
    String name = "kprobes";
    if (!kprobes.pmu()) {
      AttachFailure none = KnownAttachFailures.noKprobes(Mechanism.KPROBE);
      return TracingCheck.missing(name, none.why(), none.remedy());
    }
    if (kprobes.disarmed()) {
      return TracingCheck.missing(
          name, "all are switched off", "echo 1 > /sys/kernel/debug/kprobes/enabled");
    }
    return forbiddenKprobe(tried)
        .map(failure -> TracingCheck.limited(name, failure.why(), failure.remedy()))
        .orElseGet(() -> untriedKprobes(kprobes, capabilities));
  }

  private static Optional<AttachFailure> forbiddenKprobe(TracingSelfTest tried) {
    return tried.probes().stream()
        .flatMap(probe -> probe.failures().stream())
        .filter(failure -> failure.mechanism().isKprobe())
        .filter(failure -> failure.errno() == BpfErrno.EPERM || failure.errno() == BpfErrno.EACCES)
        .findFirst();
  }

  /** perf_kprobe_event_init asks for CAP_PERFMON whatever perf_event_paranoid is (6.18). */
  private static TracingCheck untriedKprobes(
      KprobeFacts kprobes, ProcessCapabilities capabilities) {
    boolean allowed = capabilities.mayMonitor();
    boolean debian = kprobes.perfEventParanoid().orElse(0) > 2;
    if (allowed && (!debian || capabilities.has(Capability.CAP_SYS_ADMIN))) {
      return TracingCheck.ok("kprobes", "can be made where fentry and fexit cannot");
    }
    return TracingCheck.limited(
        "kprobes",
        "perf_event_open(2) asks for " + (debian ? "CAP_SYS_ADMIN here" : "CAP_PERFMON"),
        debian
            ? "sysctl -w kernel.perf_event_paranoid=2, or give CAP_SYS_ADMIN"
            : "give CAP_PERFMON");
  }

  private static Stream<ProbeStatus> taken(TracingSelfTest tried, Predicate<Mechanism> kind) {
    return tried.probes().stream().filter(probe -> probe.mechanism().filter(kind).isPresent());
  }

  private static Stream<ProbeStatus> refused(TracingSelfTest tried, Predicate<Mechanism> kind) {
    return tried.probes().stream().filter(probe -> refusal(probe, kind).isPresent());
  }

  private static Optional<AttachFailure> refusal(ProbeStatus probe, Predicate<Mechanism> kind) {
    return probe.failures().stream().filter(r -> kind.test(r.mechanism())).findFirst();
  }

  private static String names(Stream<ProbeStatus> probes) {
    return probes.map(ProbeStatus::name).collect(Collectors.joining(", "));
  }
}
