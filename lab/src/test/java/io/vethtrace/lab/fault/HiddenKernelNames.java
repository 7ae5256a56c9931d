package io.vethtrace.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.lab.harness.JsonLine;
import java.util.List;

/**
 * Assertions about results on a kernel that hides its names: see {@code lab/guest/hidden-names.sh}.
 */
final class HiddenKernelNames {
  /**
   * The kernel line of the guest that hides its names: its fib_validate_source returns drop
   * reasons.
   */
  static final String LINE = "7.x";

  /**
   * The faults of {@link #FAULTS} for that guest: one that fib_validate_source decides, and a
   * healthy one.
   */
  static final List<String> GUEST_FAULTS = List.of("blog-rp-filter", "blog-healthy");

  /** Faults that can be explained by return values, settings and addresses, and healthy twins. */
  static final List<String> FAULTS =
      List.of(
          "blog-accept-local",
          "blog-rp-filter",
          "blog-lo-down",
          "blog-healthy",
          "two-namespaces-healthy");

  private HiddenKernelNames() {}

  /** Checks that the finding is the same, and that hops have numbers instead of names. */
  static void assertFoundByNumbers(JsonLine result, boolean namesReasons, boolean namesPlaces) {
    FaultAssertions.assertNamed(result, result.text("fault"));
    List<JsonLine> hops =
        result.object("report").objects("journeys").stream()
            .flatMap(journey -> journey.objects("hops").stream())
            .toList();
    assertThat(hops).isNotEmpty();
    if (!namesReasons) {
      assertThat(hops).allSatisfy(hop -> assertThat(hop.text("drop_reason")).matches("\\d*"));
    }
    if (!namesPlaces) {
      assertThat(hops).allSatisfy(hop -> assertThat(hop.text("place")).matches("|0x[0-9a-f]{16}"));
    }
  }
}
