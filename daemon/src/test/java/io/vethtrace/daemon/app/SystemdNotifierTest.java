package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests if systemd asks for notifications. A test of the daemon itself shows that it gets them. */
class SystemdNotifierTest {
  private static final SystemdNotifier NOBODY = SystemdNotifier.of(Map.of());

  @Test
  void without_its_variables_nobody_is_told() {
    assertThat(NOBODY.socket()).isEmpty();
    assertThat(NOBODY.patience()).isEmpty();
    assertThat(SystemdNotifier.of(Map.of("NOTIFY_SOCKET", ""))).isEqualTo(NOBODY);
    NOBODY.ready("nobody hears it");
  }

  @Test
  void patience_is_in_microseconds_and_meant_for_one_process() {
    String pid = Long.toString(ProcessHandle.current().pid());
    assertThat(
            SystemdNotifier.of(Map.of("WATCHDOG_USEC", "2500000", "WATCHDOG_PID", pid)).patience())
        .contains(Duration.ofMillis(2500));
    assertThat(
            SystemdNotifier.of(Map.of("WATCHDOG_USEC", "2500000", "WATCHDOG_PID", "1")).patience())
        .isEmpty();
    assertThat(SystemdNotifier.of(Map.of("WATCHDOG_USEC", "soon")).patience()).isEmpty();
  }

  @Test
  void a_socket_that_is_gone_or_cannot_be_is_no_reason_to_die() {
    SystemdNotifier.of(Map.of("NOTIFY_SOCKET", "/no/such/socket")).stopping();
    SystemdNotifier.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200))).stopping();
  }
}
