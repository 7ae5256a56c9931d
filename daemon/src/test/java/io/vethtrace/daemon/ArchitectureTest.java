package io.vethtrace.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;

/** The table of packages in the design, held against the byte code. */
@AnalyzeClasses(
    packages = "io.vethtrace.daemon",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.vethtrace.daemon.";

  @ArchTest
  static final ArchRule packages_import_only_what_the_table_allows =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.vethtrace.daemon..")
          .ensureAllClassesAreContainedInArchitecture()
          .layer("libbpf")
          .definedBy(ROOT + "libbpf..")
          .layer("kernel")
          .definedBy(ROOT + "kernel..")
          .layer("packet")
          .definedBy(ROOT + "packet..")
          .layer("filter")
          .definedBy(ROOT + "filter..")
          .layer("trace")
          .definedBy(ROOT + "trace..")
          .layer("probe")
          .definedBy(ROOT + "probe..")
          .optionalLayer("capture")
          .definedBy(ROOT + "capture..")
          .layer("diagnose")
          .definedBy(ROOT + "diagnose..")
          .layer("stream")
          .definedBy(ROOT + "stream..")
          .layer("serve")
          .definedBy(ROOT + "serve..")
          .layer("metrics")
          .definedBy(ROOT + "metrics..")
          .layer("app")
          .definedBy(ROOT + "app..")
          .whereLayer("libbpf")
          .mayNotAccessAnyLayer()
          .whereLayer("kernel")
          .mayNotAccessAnyLayer()
          .whereLayer("packet")
          .mayNotAccessAnyLayer()
          .whereLayer("filter")
          .mayNotAccessAnyLayer()
          .whereLayer("stream")
          .mayNotAccessAnyLayer()
          .whereLayer("trace")
          .mayOnlyAccessLayers("packet")
          .whereLayer("probe")
          .mayOnlyAccessLayers("libbpf", "kernel", "filter", "packet", "trace")
          .whereLayer("capture")
          .mayOnlyAccessLayers("packet", "trace")
          .whereLayer("diagnose")
          .mayOnlyAccessLayers("trace", "kernel")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule packages_have_no_cycle =
      slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule native_code_is_called_by_libbpf_and_to_enter_a_namespace =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "libbpf..")
          .and()
          .haveNameNotMatching(".*\\.kernel\\.NetnsSyscalls(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Linker.class, Arena.class);

  @ArchTest
  static final ArchRule generated_types_stop_in_serve =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "serve..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vethtrace.v1..");

  @ArchTest
  static final ArchRule rules_do_no_io_and_have_no_clock =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "diagnose..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio..", "java.time..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");
}
