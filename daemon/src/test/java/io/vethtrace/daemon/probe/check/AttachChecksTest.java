package io.vethtrace.daemon.probe.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.kernel.host.Capability;
import io.vethtrace.daemon.kernel.host.KernelFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.BtfFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.DriverBtf;
import io.vethtrace.daemon.kernel.host.KernelFacts.KprobeFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.Lockdown;
import io.vethtrace.daemon.kernel.host.KernelFacts.NamespaceFacts;
import io.vethtrace.daemon.kernel.host.KernelFacts.SymbolFacts;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.libbpf.BpfErrno;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.attach.AttachFailure;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.check.TracingCheck.State;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.trace.Hook;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Facts in, checks out: no kernel is asked. */
class AttachChecksTest {
  private static final ProcessCapabilities LEAST =
      ProcessCapabilities.of(Capability.CAP_BPF, Capability.CAP_PERFMON);
  private static final ProcessCapabilities WHOLE =
      ProcessCapabilities.of(
          Capability.CAP_SYS_ADMIN,
          Capability.CAP_SYS_PTRACE,
          Capability.CAP_SYSLOG,
          Capability.CAP_NET_ADMIN,
          Capability.CAP_NET_RAW);
  private static final KprobeFacts KPROBES = new KprobeFacts(true, false, OptionalInt.of(2));
  private static final TrialResult HELD = new TrialResult.Held("16 MiB");

  private static KernelFacts facts(ProcessCapabilities capabilities) {
    return new KernelFacts(
        new KernelRelease("6.1.0", "x86_64"),
        capabilities,
        new BtfFacts(Optional.empty(), DriverBtf.IN_MODULE_BTF, 60),
        new SymbolFacts(true, OptionalInt.of(0)),
        KPROBES,
        Lockdown.NONE,
        OptionalLong.of(8 << 20),
        new NamespaceFacts(Optional.empty(), true));
  }

  private static ProbeStatus probe(Hook hook, Mechanism mechanism, AttachFailure... refusals) {
    return new ProbeStatus(hook, Optional.of(mechanism), List.of(refusals), ProbeHitCounters.NONE);
  }

  private static TracingSelfTest tried(ProbeStatus... probes) {
    return new TracingSelfTest(new TrialResult.Held("v1.1"), HELD, HELD, List.of(probes));
  }

  private static final TracingSelfTest ALL_FENTRY =
      tried(
          probe(Hook.VETH_XMIT, Mechanism.FENTRY),
          probe(Hook.FIB_VALIDATE_SOURCE, Mechanism.FEXIT));

  @Test
  void where_nothing_is_missing_every_check_is_ok_and_asks_for_nothing() {
    assertThat(AttachChecks.all(facts(WHOLE), ALL_FENTRY))
        .allSatisfy(check -> {
          assertThat(check.state()).as(check.toString()).isEqualTo(State.OK);
          assertThat(check.remedy()).isEmpty();
          assertThat(check.found()).isNotEmpty();
        });
  }

  @Test
  void the_names_are_the_same_and_distinct_wherever_it_runs() {
    TrialResult missing = new TrialResult.Failed("libbpf.so.1 is missing", "install it");
    TrialResult untried = new TrialResult.NotTried("libbpf is missing");
    TracingSelfTest nothing = new TracingSelfTest(missing, untried, untried, List.of());
    List<String> names =
        AttachChecks.all(facts(WHOLE), ALL_FENTRY).stream().map(TracingCheck::name).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(
            AttachChecks.all(facts(ProcessCapabilities.of()), nothing).stream()
                .map(TracingCheck::name))
        .containsExactlyElementsOf(names);
  }

  @Test
  void a_function_with_too_many_arguments_limits_fexit_and_needs_no_change() {
    AttachFailure failure =
        new AttachFailure(
            Mechanism.FEXIT, "more arguments than a trampoline takes", BpfErrno.ENOTSUPP);
    TracingCheck check =
        AttachChecks.trampolines(
            tried(
                probe(Hook.VETH_XMIT, Mechanism.FENTRY),
                probe(Hook.FIB_VALIDATE_SOURCE, Mechanism.KPROBE_AND_KRETPROBE, failure)));
    assertThat(check.state()).isEqualTo(State.LIMITED);
    assertThat(check.found()).isEqualTo("cannot attach to fib_validate_source");
    assertThat(check.remedy()).isEmpty();
  }

  @Test
  void kprobes_that_are_switched_off_count_as_missing() {
    KprobeFacts off = new KprobeFacts(true, true, OptionalInt.of(2));
    TracingCheck check = AttachChecks.kprobes(off, WHOLE, ALL_FENTRY);
    assertThat(check.state()).isEqualTo(State.MISSING);
    assertThat(check.remedy()).isEqualTo("echo 1 > /sys/kernel/debug/kprobes/enabled");
  }

  @ParameterizedTest
  @CsvSource({"3, LIMITED", "2, OK", "-1, OK"})
  void debians_perf_event_paranoid_asks_more_than_perfmon(int paranoid, State state) {
    KprobeFacts kprobes = new KprobeFacts(true, false, OptionalInt.of(paranoid));
    assertThat(AttachChecks.kprobes(kprobes, LEAST, ALL_FENTRY).state()).isEqualTo(state);
    assertThat(AttachChecks.kprobes(kprobes, WHOLE, ALL_FENTRY).state()).isEqualTo(State.OK);
  }

  @Test
  void the_limit_on_locked_memory_matters_only_where_the_ring_was_refused() {
    KernelFacts facts = facts(LEAST);
    assertThat(AttachChecks.memlock(facts, HELD).state()).isEqualTo(State.OK);
    TracingCheck check = AttachChecks.memlock(facts, new TrialResult.Failed("no", "raise it"));
    assertThat(check.state()).isEqualTo(State.LIMITED);
    assertThat(check.remedy()).contains("LimitMEMLOCK=infinity");
    assertThat(
            AttachChecks.memlock(facts(ProcessCapabilities.of()), new TrialResult.Failed("no", ""))
                .state())
        .as("without CAP_BPF the ring was refused for that")
        .isEqualTo(State.OK);
  }

  @Test
  void each_missing_capability_is_named_with_its_cost() {
    TracingCheck check = KernelChecks.capabilities(LEAST, false);
    assertThat(check.state()).isEqualTo(State.LIMITED);
    assertThat(check.found())
        .contains(
            "CAP_SYS_ADMIN (",
            "CAP_SYS_PTRACE (",
            "CAP_SYSLOG (",
            "CAP_NET_ADMIN (",
            "CAP_NET_RAW (")
        .doesNotContain("CAP_BPF", "CAP_PERFMON", "CAP_SYS_RESOURCE");
    assertThat(KernelChecks.capabilities(ProcessCapabilities.of(), false).state())
        .isEqualTo(State.MISSING);
  }

  @Test
  void syslog_is_not_missed_where_addresses_are_shown_anyway() {
    assertThat(KernelChecks.capabilities(LEAST, true).found()).doesNotContain("CAP_SYSLOG");
  }

  @Test
  void root_of_a_rootless_container_is_told_where_it_is() {
    ProcessCapabilities inContainer = new ProcessCapabilities(-1, false);
    TracingCheck check = KernelChecks.capabilities(inContainer, true);
    assertThat(check.state()).isEqualTo(State.MISSING);
    assertThat(check.found()).contains("user namespace");
  }

  @ParameterizedTest
  @CsvSource({"2, kernel.kptr_restrict=1", "1, CAP_SYSLOG", "0, CAP_SYSLOG"})
  void hidden_symbols_say_what_shows_them(int kptrRestrict, String remedy) {
    TracingCheck check = KernelChecks.symbols(new SymbolFacts(false, OptionalInt.of(kptrRestrict)));
    assertThat(check.state()).isEqualTo(State.LIMITED);
    assertThat(check.remedy()).contains(remedy);
  }

  @ParameterizedTest
  @CsvSource({
    "BUILT_IN, OK, ''",
    "IN_MODULE_BTF, OK, ''",
    "LOADED_WITHOUT_BTF, LIMITED, CONFIG_DEBUG_INFO_BTF_MODULES",
    "NOT_LOADED, LIMITED, modprobe veth"
  })
  void a_module_that_is_not_there_yet_is_a_limit(DriverBtf veth, State state, String remedy) {
    TracingCheck check = KernelChecks.moduleBtf(new BtfFacts(Optional.empty(), veth, 0));
    assertThat(check.state()).isEqualTo(state);
    assertThat(check.remedy()).contains(remedy);
  }
}
