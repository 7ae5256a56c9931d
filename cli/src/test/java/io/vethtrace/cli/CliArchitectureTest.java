package io.vethtrace.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.stream.Collectors;

/** Rules about the packages of the command line, checked in the byte code. */
@AnalyzeClasses(packages = "io.vethtrace.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class CliArchitectureTest {
  private static final int MAX_FILES = 25;

  /** Each package is a slice of its own, the one with the commands too. */
  private static final SliceAssignment PACKAGES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
          return "packages of the command line";
        }
      };

  @ArchTest
  static final ArchRule packages_have_no_cycle =
      slices().assignedFrom(PACKAGES).should().beFreeOfCycles();

  @ArchTest
  static void no_package_has_more_than_25_files(JavaClasses classes) {
    Map<String, Long> filesByPackage =
        classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(filesByPackage.values()).isNotEmpty().allMatch(files -> files <= MAX_FILES);
  }
}
