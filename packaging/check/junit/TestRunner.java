// SPDX-License-Identifier: Apache-2.0

import static org.junit.platform.engine.FilterResult.includedIf;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs JUnit tests in this JVM. Arguments: the module's name, then the tests as {@code CLASS} or
 * {@code CLASS#METHOD}.
 */
final class TestRunner {
  private TestRunner() {}

  public static void main(String[] args) {
    List<DiscoverySelector> classes = new ArrayList<>();
    Map<String, List<Pattern>> methods = new HashMap<>();
    for (String selector : Arrays.asList(args).subList(1, args.length)) {
      String[] parts = selector.split("#", 2);
      classes.add(selectClass(parts[0]));
      methods
          .computeIfAbsent(parts[0], _ -> new ArrayList<>())
          .add(pattern(parts.length < 2 ? "*" : parts[1]));
    }
    Progress progress = new Progress(classes.size() < 10);
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes)
            .filters((PostDiscoveryFilter) test -> isNamed(test, methods))
            .filters((PostDiscoveryFilter) test -> isUnitTest(args[0], test, progress))
            .build();
    LauncherFactory.create().execute(request, progress);
    System.exit(progress.finish(args[0]) ? 0 : 1);
  }

  private static Pattern pattern(String glob) {
    return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
  }

  private static FilterResult isNamed(TestDescriptor test, Map<String, List<Pattern>> methods) {
    boolean excluded =
        test.getSource().orElse(null) instanceof MethodSource source
            && methods.containsKey(source.getClassName())
            && methods.get(source.getClassName()).stream()
                .noneMatch(each -> each.matcher(source.getMethodName()).matches());
    return includedIf(!excluded);
  }

  /**
   * The lab drives programs that are not built here, or were from other sources; but for what its
   * tag calls a unit test.
   */
  private static FilterResult isUnitTest(String module, TestDescriptor test, Progress progress) {
    boolean excluded =
        module.equals("lab")
            && test.getTags().stream().noneMatch(tag -> tag.getName().equals("unit"));
    if (excluded && test.getSource().orElse(null) instanceof MethodSource source) {
      progress.leaveOut(
          Progress.simple(source.getClassName()), "drives build/vethtrace: `make test` runs it");
    }
    return includedIf(!excluded);
  }
}
