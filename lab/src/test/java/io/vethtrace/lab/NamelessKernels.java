package io.vethtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What must hold where the kernel does not say its names: see {@code lab/guest/nameless.sh}. */
final class NamelessKernels {
  /** The guest in which that is tried: its fib_validate_source returns drop reasons. */
  static final String LINE = "7.x";

  /** Those of {@link #FAULTS} that are made there: what that function decides, and nothing. */
  static final List<String> GUEST_FAULTS = List.of("blog-rp-filter", "blog-healthy");

  /** Those that return codes, settings and addresses decide, and healthy ones. */
  static final List<String> FAULTS =
      List.of(
          "blog-accept-local",
          "blog-rp-filter",
          "blog-lo-down",
          "blog-healthy",
          "two-namespaces-healthy");

  private NamelessKernels() {}

  /** The same is found, and numbers stand where names would. */
  static void assertFoundByNumbers(Json result, boolean namesReasons, boolean namesPlaces) {
    FaultAssert.assertNamed(result, result.text("fault"));
    List<Json> hops =
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
