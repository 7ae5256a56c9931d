package io.vethtrace.daemon.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelModulesTest {
  private static final KernelModules MODULES =
      KernelModules.read(
          List.of(
              "bridge 4096 1 br_netfilter, Live 0xffffffffc0a00000 (OE)",
              "veth 8192 0 - Live 0xffffffffc0302000",
              "hidden 8192 0 - Live",
              ""));

  @Test
  void an_address_is_in_the_module_whose_memory_it_is_in() {
    assertThat(MODULES.holding(0xffffffffc0302000L)).hasValueSatisfying(m -> is(m, "veth"));
    assertThat(MODULES.holding(0xffffffffc0303fffL)).hasValueSatisfying(m -> is(m, "veth"));
    assertThat(MODULES.holding(0xffffffffc0304000L)).isEmpty();
    assertThat(MODULES.holding(0xffffffffc0a00010L)).hasValueSatisfying(m -> is(m, "bridge"));
    assertThat(MODULES.holding(0xffffffff81000000L)).isEmpty();
  }

  private static void is(KernelModules.Module module, String name) {
    assertThat(module.name()).isEqualTo(name);
  }

  @Test
  void a_module_that_was_loaded_again_elsewhere_is_another() {
    assertThat(MODULES.has(new KernelModules.Module("veth", 0xffffffffc0302000L, 8192))).isTrue();
    assertThat(MODULES.has(new KernelModules.Module("veth", 0xffffffffc0303000L, 8192))).isFalse();
    assertThat(MODULES.has(new KernelModules.Module("bridge", 0xffffffffc0302000L, 8192)))
        .isFalse();
  }
}
