// SPDX-License-Identifier: Apache-2.0

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints what ran: each test where few were asked for, else each class; failures with their traces;
 * skipped tests with the reason.
 */
final class Progress implements TestExecutionListener {
  private static final List<String> MACHINERY =
      List.of(
          "org.junit.",
          "org.assertj.core.api.",
          "org.assertj.core.internal.",
          "java.lang.reflect.",
          "jdk.internal.",
          "java.util.stream.",
          "java.util.ArrayList",
          "java.lang.invoke.",
          "TestRunner");

  private final boolean eachTest;
  private final long start = System.nanoTime();
  private final Map<TestIdentifier, Long> started = new LinkedHashMap<>();
  private final Set<String> skipped = new LinkedHashSet<>();
  private TestPlan plan;
  private int passed;
  private int failed;
  private int passedInClass;

  Progress(boolean eachTest) {
    this.eachTest = eachTest;
  }

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    started.put(test, System.nanoTime());
    if (isTopClass(test)) {
      passedInClass = 0;
      if (eachTest) {
        System.out.println(simple(((ClassSource) test.getSource().orElseThrow()).getClassName()));
      }
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skip(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> succeed(test);
      case ABORTED -> skip(test, result.getThrowable().map(Throwable::getMessage).orElse(null));
      case FAILED ->
          fail(test, result.getThrowable().orElseGet(() -> new AssertionError("no exception")));
    }
    if (isTopClass(test) && !eachTest && passedInClass > 0) {
      System.out.printf("  %4d passed %5.1f s  %s%n", passedInClass, seconds(test), name(test));
    }
  }

  private void succeed(TestIdentifier test) {
    if (test.isTest()) {
      passed++;
      passedInClass++;
      if (eachTest) {
        System.out.printf("  passed %5.2f s  %s%n", seconds(test), shown(test));
      }
    }
  }

  private void skip(TestIdentifier test, String reason) {
    String said =
        reason == null || reason.isBlank()
            ? "no reason given"
            : reason.replaceFirst("^Assumption failed: ", "");
    leaveOut(name(test), said);
  }

  /** Counts a test or a whole class as skipped. */
  void leaveOut(String name, String reason) {
    if (skipped.add(name + " – " + reason) && eachTest) {
      System.out.printf("  skipped         %s – %s%n", name, reason);
    }
  }

  private void fail(TestIdentifier test, Throwable cause) {
    failed++;
    System.out.printf("  FAILED %5.2f s  %s%n", seconds(test), name(test));
    StringBuilder trace = new StringBuilder();
    append(trace, cause, "");
    System.out.print(trace.toString().indent(4));
  }

  private static void append(StringBuilder trace, Throwable thrown, String prefix) {
    trace.append(prefix).append(thrown).append('\n');
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (MACHINERY.stream().noneMatch(frame.getClassName()::startsWith)) {
        trace.append("    at ").append(frame).append('\n');
      }
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      append(trace, suppressed, "suppressed: ");
    }
    if (thrown.getCause() != null) {
      append(trace, thrown.getCause(), "caused by: ");
    }
  }

  private double seconds(TestIdentifier test) {
    return (System.nanoTime() - started.getOrDefault(test, System.nanoTime())) / 1e9;
  }

  private boolean isTopClass(TestIdentifier test) {
    return test.getSource().orElse(null) instanceof ClassSource
        && plan.getParent(test).flatMap(TestIdentifier::getSource).isEmpty();
  }

  private String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    return switch (source) {
      case MethodSource method -> simple(method.getClassName()) + ": " + shown(test);
      case ClassSource type -> simple(type.getClassName());
      case null, default ->
          plan.getParent(test).map(parent -> name(parent) + ": ").orElse("")
              + test.getDisplayName();
    };
  }

  private static String shown(TestIdentifier test) {
    return test.getDisplayName().replaceFirst("\\([\\w, ]*\\)$", "");
  }

  static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** Prints the sum and returns true if tests ran and none failed. */
  boolean finish(String module) {
    if (!eachTest) {
      skipped.forEach(each -> System.out.println("  skipped: " + each));
    }
    if (passed + failed + skipped.size() == 0) {
      System.out.println(module + ": no test has this name");
      return false;
    }
    System.out.printf(
        "%s: %d passed, %d failed, %d skipped in %.1f s%n",
        module, passed, failed, skipped.size(), (System.nanoTime() - start) / 1e9);
    return failed == 0;
  }
}
