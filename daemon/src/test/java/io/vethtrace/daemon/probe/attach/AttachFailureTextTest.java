package io.vethtrace.daemon.probe.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.kernel.host.Capability;
import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.libbpf.BpfErrno;
import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.probe.attach.AttachFailureText.Step;
import org.junit.jupiter.api.Test;

/** The same error means different things to who has different capabilities. */
class AttachFailureTextTest {
  private static final ProcessCapabilities LEAST =
      ProcessCapabilities.of(Capability.CAP_BPF, Capability.CAP_PERFMON);
  private static final ProcessCapabilities ADMIN = ProcessCapabilities.of(Capability.CAP_SYS_ADMIN);

  /** libbpf 1.1, load_module_btfs. */
  private static final String NO_MODULES = "failed to iterate BTF objects: -1";

  private static BpfException error(int errno, String warnings) {
    return new BpfException("bpf_object__load veth_xmit", errno, warnings, "");
  }

  @Test
  void eperm_for_a_function_of_a_module_asks_for_sys_admin() {
    AttachFailure failure =
        new AttachFailureText(LEAST)
            .of(Mechanism.FENTRY, Step.LOAD, error(BpfErrno.EPERM, NO_MODULES));
    assertThat(failure.why()).contains("in a module").contains("CAP_SYS_ADMIN");
    assertThat(failure.remedy()).isEqualTo("give CAP_SYS_ADMIN");
  }

  @Test
  void eperm_for_who_has_every_capability_is_a_lockdown() {
    AttachFailure failure =
        new AttachFailureText(ADMIN).of(Mechanism.FEXIT, Step.LOAD, error(BpfErrno.EPERM, ""));
    assertThat(failure.why()).isEqualTo("load: EPERM (1): function hooks are locked down");
  }

  @Test
  void eperm_for_who_may_not_trace_is_about_privileges_whatever_the_mechanism() {
    for (Mechanism mechanism : Mechanism.values()) {
      AttachFailure failure =
          new AttachFailureText(ProcessCapabilities.of(Capability.CAP_BPF))
              .of(mechanism, Step.LOAD, error(BpfErrno.EPERM, ""));
      assertThat(failure.why()).endsWith("this process may not load tracing programs");
      assertThat(failure.remedy()).contains("CAP_BPF and CAP_PERFMON");
    }
  }

  @Test
  void a_kprobe_that_debians_sysctl_forbids_names_it() {
    AttachFailure failure =
        new AttachFailureText(LEAST)
            .of(Mechanism.KPROBE, Step.ATTACH, error(BpfErrno.EACCES, "perf"));
    assertThat(failure.remedy()).contains("kernel.perf_event_paranoid=2");
    assertThat(
            new AttachFailureText(ADMIN)
                .of(Mechanism.KPROBE, Step.ATTACH, error(BpfErrno.EACCES, "perf"))
                .remedy())
        .isEmpty();
  }
}
