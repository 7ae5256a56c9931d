package io.vethtrace.daemon.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilitiesTest {
  private static final String STATUS =
      """
      Name:\tjava
      CapInh:\t0000000000000000
      CapPrm:\t000001ffffffffff
      CapEff:\t%s
      CapBnd:\t000001ffffffffff
      """;

  private static ProcessCapabilities effective(String bits) {
    return ProcessCapabilities.parse(STATUS.formatted(bits), true);
  }

  @Test
  void the_effective_set_counts_by_the_kernels_numbers() {
    assertThat(effective("000000c000000000").held())
        .containsExactlyInAnyOrder(Capability.CAP_BPF, Capability.CAP_PERFMON);
    assertThat(effective("0000000401280000").held())
        .containsExactlyInAnyOrder(
            Capability.CAP_SYS_ADMIN,
            Capability.CAP_SYS_PTRACE,
            Capability.CAP_SYSLOG,
            Capability.CAP_SYS_RESOURCE);
    assertThat(effective("0000000000000000").held()).isEmpty();
  }

  @Test
  void sys_admin_stands_for_bpf_and_perfmon_and_for_nothing_else() {
    ProcessCapabilities admin = ProcessCapabilities.of(Capability.CAP_SYS_ADMIN);
    assertThat(admin.mayUseBpf()).isTrue();
    assertThat(admin.mayMonitor()).isTrue();
    assertThat(admin.has(Capability.CAP_SYSLOG)).isFalse();
    assertThat(ProcessCapabilities.of(Capability.CAP_BPF).mayMonitor()).isFalse();
    assertThat(ProcessCapabilities.of(Capability.CAP_PERFMON).mayUseBpf()).isFalse();
  }

  @Test
  void in_another_user_namespace_none_counts() {
    ProcessCapabilities all =
        ProcessCapabilities.parse(STATUS.formatted("000001ffffffffff"), false);
    assertThat(all.held()).isEmpty();
    assertThat(all.mayUseBpf()).isFalse();
  }

  @Test
  void what_proc_does_not_say_is_not_there(@TempDir Path empty) {
    assertThat(ProcessCapabilities.read(empty).held()).isEmpty();
  }
}
