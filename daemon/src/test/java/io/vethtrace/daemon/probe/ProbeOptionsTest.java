package io.vethtrace.daemon.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.daemon.libbpf.MappedMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeOptionsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1, 1024, 12_345, (1 << 20) + 4096, 3 << 20, Integer.MIN_VALUE})
  void a_ring_that_the_kernel_would_refuse_is_refused_with_one_that_it_takes(int ringBytes) {
    assertThatThrownBy(() -> new ProbeOptions(ringBytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a ring of " + ringBytes + " bytes")
        .hasMessageContaining("a power of two of at least one page")
        .hasMessageContaining("" + ProbeOptions.DEFAULT_RING_BYTES);
  }

  @Test
  void one_page_and_a_gibibyte_are_accepted() {
    assertThat(new ProbeOptions(MappedMemory.pageBytes()).ringBytes()).isPositive();
    assertThat(new ProbeOptions(1 << 30).ringBytes()).isPositive();
  }
}
