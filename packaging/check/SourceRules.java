// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules for Java sources that no compiler knows: no two classes have the same simple name, no
 * Javadoc opens with a question word or a preposition, no package is large. Prints each violation
 * as {@code FILE:LINE: message} with the counts by package and by rule.
 *
 * <p>Exit code 1 if a rule is broken.
 */
final class SourceRules {
  /** Makes a broken rule fail the build; false prints the counts only. */
  private static final boolean FATAL = true;

  private static final int MAX_FILES = 25;

  /** Words that open a clause and not the name of a thing or an action. */
  private static final Set<String> OPENINGS =
      Set.of(
          ("what whatever whether how however where wherever who whom whose whoever which whichever"
                  + " that why when whenever while if unless because though although since once until"
                  + " till as so than then likewise also and or nor but about above across after"
                  + " against along among around at before behind below beneath beside besides between"
                  + " beyond by despite during except for from in inside into near of off on onto out"
                  + " outside over per through throughout to toward towards under upon up via with"
                  + " within without")
              .split(" "));

  private static final Pattern TYPE =
      Pattern.compile(
          "^(?:(?:public|final|abstract|sealed|non-sealed|strictfp)"
              + " )*(?:class|record|interface|enum|@interface) (\\w+)");

  private static final Pattern FIRST_WORD = Pattern.compile("^([A-Za-z]+)(?![-\\w{])");

  /** A broken rule at a line. */
  private record Violation(Path file, int line, String message) {
    @Override
    public String toString() {
      return "%s:%d: %s".formatted(file, line, message);
    }
  }

  private final Path root = Path.of("");
  private final Map<Path, String> sources = new TreeMap<>();

  public static void main(String[] args) throws IOException {
    boolean kept = new SourceRules().check(true);
    System.exit(kept ? 0 : 1);
  }

  /**
   * Checks all rules and returns true if nothing fails the build.
   *
   * @param details true to print each violation, which a rule that fails the build always does
   */
  boolean check(boolean details) throws IOException {
    read();
    Map<String, List<Violation>> rules = new TreeMap<>();
    rules.put("no two classes have the same name", sameNames());
    rules.put("no Javadoc opens with a question word or a preposition", javadocOpenings());
    rules.put("no package has more than %d files".formatted(MAX_FILES), largePackages());
    rules.forEach((rule, violations) -> print(rule, violations, details || FATAL));
    return !FATAL || rules.values().stream().allMatch(List::isEmpty);
  }

  /**
   * Reads the hand-written sources of every module; what is generated lies below {@code target} or
   * {@code build}.
   */
  private void read() throws IOException {
    try (Stream<Path> tops = Files.list(root.toAbsolutePath())) {
      for (Path top : tops.filter(Files::isDirectory).sorted().toList()) {
        Stream.of(top.resolve("src/main/java"), top.resolve("src/test/java"), top)
            .filter(folder -> !folder.equals(top) || top.endsWith("packaging"))
            .forEach(this::readFolder);
      }
    }
  }

  private void readFolder(Path folder) {
    try {
      for (Path file : Workspace.files(folder)) {
        if (file.toString().endsWith(".java") && !file.startsWith(folder.resolve("target"))) {
          sources.put(root.toAbsolutePath().relativize(file), Files.readString(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Violation> sameNames() {
    Map<String, List<Violation>> byName = new TreeMap<>();
    sources.forEach((file, text) -> {
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        Matcher type = TYPE.matcher(lines.get(i));
        if (type.find()) {
          Violation place =
              new Violation(file, i + 1, "the name " + type.group(1) + " is taken twice");
          byName.computeIfAbsent(type.group(1), _ -> new ArrayList<>()).add(place);
        }
      }
    });
    return byName.values().stream()
        .filter(places -> places.size() > 1)
        .flatMap(List::stream)
        .toList();
  }

  private List<Violation> javadocOpenings() {
    List<Violation> found = new ArrayList<>();
    sources.forEach((file, text) -> {
      for (Javadocs.Comment comment : Javadocs.of(text)) {
        Matcher word = FIRST_WORD.matcher(comment.text());
        if (word.find() && OPENINGS.contains(word.group(1).toLowerCase(Locale.ROOT))) {
          found.add(
              new Violation(
                  file, comment.line(), "the Javadoc opens with \"" + comment.opening() + "\""));
        }
      }
    });
    return found;
  }

  private List<Violation> largePackages() {
    Map<Path, List<Path>> packages =
        sources.keySet().stream()
            .collect(Collectors.groupingBy(Path::getParent, TreeMap::new, Collectors.toList()));
    return packages.entrySet().stream()
        .filter(entry -> entry.getValue().size() > MAX_FILES)
        .map(entry ->
            new Violation(
                entry.getKey().resolve("package-info.java"), 1, entry.getValue().size() + " files"))
        .toList();
  }

  private static void print(String rule, List<Violation> violations, boolean details) {
    if (details) {
      violations.forEach(System.out::println);
      violations.stream()
          .collect(
              Collectors.groupingBy(
                  each -> each.file().getParent(), TreeMap::new, Collectors.counting()))
          .forEach((folder, count) -> System.out.printf("%5d  %s%n", count, folder));
    }
    String result = violations.isEmpty() ? "kept" : "broken %d times".formatted(violations.size());
    System.out.printf("sources: %s: %s%n", rule, result);
  }
}
