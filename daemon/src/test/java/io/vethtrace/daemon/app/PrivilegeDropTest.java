package io.vethtrace.daemon.app;

import static io.vethtrace.daemon.kernel.host.Capability.CAP_BPF;
import static io.vethtrace.daemon.kernel.host.Capability.CAP_KILL;
import static io.vethtrace.daemon.kernel.host.Capability.CAP_NET_ADMIN;
import static io.vethtrace.daemon.kernel.host.Capability.CAP_NET_RAW;
import static io.vethtrace.daemon.kernel.host.Capability.CAP_PERFMON;
import static io.vethtrace.daemon.kernel.host.Capability.CAP_SYSLOG;
import static io.vethtrace.daemon.kernel.host.Capability.CAP_SYS_ADMIN;
import static io.vethtrace.daemon.kernel.host.Capability.CAP_SYS_PTRACE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Tests which capabilities stay. A test of the daemon itself shows that the others go from every
 * thread.
 */
class PrivilegeDropTest {
  private static final long ALL = (1L << 41) - 1;

  @Test
  void of_all_those_stay_that_reading_and_capturing_need() {
    assertThat(PrivilegeDrop.needed(ALL, false))
        .containsExactlyInAnyOrder(
            CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYSLOG, CAP_NET_ADMIN, CAP_NET_RAW);
  }

  @Test
  void a_private_daemon_can_end_what_its_command_line_started() {
    assertThat(PrivilegeDrop.needed(ALL, true)).contains(CAP_KILL).doesNotContain(CAP_BPF);
  }

  @Test
  void without_sys_admin_the_counters_are_read_by_another() {
    long held = CAP_BPF.mask() | CAP_PERFMON.mask() | CAP_SYSLOG.mask();
    assertThat(PrivilegeDrop.needed(held, false)).containsExactlyInAnyOrder(CAP_BPF, CAP_SYSLOG);
  }

  @Test
  void who_has_none_needs_none() {
    assertThat(PrivilegeDrop.needed(0, true)).isEmpty();
  }
}
