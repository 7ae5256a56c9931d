package io.vethtrace.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.util.Map;

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
          .layer("capture")
          .definedBy(ROOT + "capture..")
          .layer("diagnose")
          .definedBy(ROOT + "diagnose..")
          .layer("engine")
          .definedBy(ROOT + "engine..")
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
          .whereLayer("trace")
          .mayOnlyAccessLayers("packet")
          .whereLayer("probe")
          .mayOnlyAccessLayers("libbpf", "kernel", "filter", "packet", "trace")
          .whereLayer("capture")
          .mayOnlyAccessLayers("packet", "trace")
          .whereLayer("diagnose")
          .mayOnlyAccessLayers("trace", "kernel")
          .whereLayer("engine")
          .mayOnlyAccessLayers(
              "probe", "capture", "diagnose", "filter", "kernel", "packet", "trace")
          .whereLayer("serve")
          .mayOnlyAccessLayers(
              "engine", "probe", "capture", "diagnose", "filter", "kernel", "packet", "trace")
          .whereLayer("metrics")
          .mayOnlyAccessLayers("engine", "probe", "diagnose", "kernel", "trace", "packet")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule packages_have_no_cycle =
      slices().matching(ROOT + "(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule classes_of_a_package_have_no_cycle =
      slices().assignedFrom(new TopLevelClasses()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule native_code_is_called_by_libbpf_and_to_enter_a_namespace =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "libbpf..")
          .and()
          .haveNameNotMatching(".*\\.kernel\\.netlink\\.NetnsSyscalls(\\$.*)?")
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
  static final ArchRule the_engine_knows_neither_gRPC_nor_messages =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "engine..", ROOT + "metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "io.vethtrace.select..");

  @ArchTest
  static final ArchRule each_class_of_serve_needs_gRPC_or_messages =
      classes()
          .that()
          .resideInAPackage(ROOT + "serve..")
          .and()
          .areTopLevelClasses()
          .and()
          .doNotHaveSimpleName("package-info")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.vethtrace.v1..");

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

  /** A slice for each top-level class. A sealed type and what it permits are one slice. */
  private static final class TopLevelClasses implements SliceAssignment {
    private static final Map<String, String> SEALED_FAMILIES =
        Map.of(
            "Arp",
            "Packet",
            "Icmp",
            "Packet",
            "IpPacket",
            "Packet",
            "Transport",
            "Packet",
            "UnknownPacket",
            "Packet",
            "TraceItem",
            "FeedItem");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = topLevel(type).getSimpleName();
      return SliceIdentifier.of(type.getPackageName(), SEALED_FAMILIES.getOrDefault(name, name));
    }

    private static JavaClass topLevel(JavaClass type) {
      JavaClass outer = type;
      while (outer.getEnclosingClass().isPresent()) {
        outer = outer.getEnclosingClass().get();
      }
      return outer;
    }

    @Override
    public String getDescription() {
      return "top-level classes";
    }
  }
}
