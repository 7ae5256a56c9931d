package io.vethtrace.daemon.kernel.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vethtrace.daemon.kernel.btf.BtfBlob;
import io.vethtrace.daemon.kernel.btf.BtfBytes;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult.Accepted;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult.Refused;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceCheckResultTest {
  // As in 6.13: fib_validate_source returns these, negative.
  private static final DropReasons WITH_LOCAL_SOURCE =
      reasons("IP_RPFILTER", "IP_LOCAL_SOURCE", "IP_INVALID_SOURCE");
  // As in 6.1: there are reasons, and the function returns an errno.
  private static final DropReasons WITHOUT_LOCAL_SOURCE = reasons("IP_RPFILTER", "NO_SOCKET");

  private static DropReasons reasons(String... names) {
    BtfBytes btf = new BtfBytes();
    btf.type("skb_drop_reason", BtfBlob.KIND_ENUM, false, names.length, 4);
    for (int i = 0; i < names.length; i++) {
      btf.name("SKB_DROP_REASON_" + names[i]).word(16 + i);
    }
    return DropReasons.of(btf.btf());
  }

  @Test
  void zero_and_one_are_success() {
    assertThat(SourceCheckResult.of(0, WITH_LOCAL_SOURCE)).isEqualTo(new Accepted(false));
    assertThat(SourceCheckResult.of(1, WITH_LOCAL_SOURCE)).isEqualTo(new Accepted(true));
    assertThat(SourceCheckResult.of(1, DropReasons.none())).isEqualTo(new Accepted(true));
  }

  @Test
  void a_kernel_that_knows_local_source_returns_reasons() {
    assertThat(SourceCheckResult.of(-17, WITH_LOCAL_SOURCE))
        .isEqualTo(new Refused(-17, "IP_LOCAL_SOURCE", true, Set.of("IP_LOCAL_SOURCE")));
    // 18 is EXDEV too, and must not be taken for it here.
    assertThat(SourceCheckResult.of(-18, WITH_LOCAL_SOURCE))
        .isEqualTo(new Refused(-18, "IP_INVALID_SOURCE", true, Set.of("IP_INVALID_SOURCE")));
  }

  @Test
  void exdev_is_the_reverse_path_filter() {
    assertThat(SourceCheckResult.of(-18, WITHOUT_LOCAL_SOURCE))
        .isEqualTo(new Refused(-18, "IP_RPFILTER", true, Set.of("IP_RPFILTER")));
    assertThat(SourceCheckResult.of(-18, DropReasons.none()))
        .isEqualTo(new Refused(-18, "IP_RPFILTER", true, Set.of("IP_RPFILTER")));
  }

  @Test
  void einval_leaves_open_whether_the_source_is_local_or_invalid() {
    Refused refused = (Refused) SourceCheckResult.of(-22, WITHOUT_LOCAL_SOURCE);

    assertThat(refused.reason()).isEqualTo("EINVAL");
    assertThat(refused.certain()).isFalse();
    assertThat(refused.canMean(SourceCheckResult.IP_LOCAL_SOURCE)).isTrue();
    assertThat(refused.canMean(SourceCheckResult.IP_INVALID_SOURCE)).isTrue();
    assertThat(refused.canMean(SourceCheckResult.IP_RPFILTER)).isFalse();
  }

  @Test
  void a_kernel_that_returns_reasons_without_saying_their_names_returns_no_errno() {
    for (int result : new int[] {-18, -22, -87}) {
      assertThat(SourceCheckResult.of(result, HandMadeKernelNames.unnamedReasonsOfRouting()))
          .isEqualTo(
              new Refused(result, Integer.toString(-result), false, SourceCheckResult.REASONS));
    }
  }

  @Test
  void what_is_no_errno_of_the_function_is_a_reason_without_a_name() {
    assertThat(SourceCheckResult.of(-89, DropReasons.none()))
        .isEqualTo(new Refused(-89, "89", false, SourceCheckResult.REASONS));
  }

  @Test
  void a_number_without_a_name_among_names_is_none_of_the_functions_reasons() {
    assertThat(SourceCheckResult.of(-89, WITH_LOCAL_SOURCE))
        .isEqualTo(new Refused(-89, "89", false, Set.of()));
  }

  @Test
  void a_success_is_no_refusal() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Refused(0, "EINVAL", true, Set.of()))
        .withMessageContaining("result=0");
  }
}
