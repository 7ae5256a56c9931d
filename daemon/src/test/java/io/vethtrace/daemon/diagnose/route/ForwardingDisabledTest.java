package io.vethtrace.daemon.diagnose.route;

import static io.vethtrace.daemon.diagnose.RouterScene.FORWARDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class ForwardingDisabledTest {
  private static final int EHOSTUNREACH = 113;

  public static RouterScene notForwarding() {
    return new RouterScene()
        .set("net.ipv4.ip_forward", 0)
        .set("net.ipv4.conf.left.forwarding", 0)
        .refuses(FORWARDED, EHOSTUNREACH);
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.FORWARDING_DISABLED, notForwarding().dropsEcho("ip_error"));
  }

  @Test
  void a_router_that_does_not_forward_is_made_one() {
    Finding finding = notForwarding().dropsEcho("ip_error").finding();

    assertThat(finding.cause()).isEqualTo(Cause.FORWARDING_DISABLED);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router sysctl -w net.ipv4.ip_forward=1");
  }

  @Test
  void one_device_that_does_not_forward_is_set_alone() {
    Finding finding = notForwarding().set("net.ipv4.ip_forward", 1).dropsEcho("ip_error").finding();

    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec router sysctl -w net.ipv4.conf.left.forwarding=1");
  }
}
