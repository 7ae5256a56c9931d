// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads Surefire's reports and prints the failed tests, the skipped tests with their reasons, and
 * as its last line {@code N passed, N failed, N skipped}.
 *
 * <p>Arguments: Maven's exit code, then the folders of reports. Exit code 1 if a test failed, the
 * build failed, or no test ran.
 */
final class TestCount {
  private int passed;
  private final List<String> failed = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  private TestCount() {}

  public static void main(String[] args) throws Exception {
    TestCount count = new TestCount();
    for (int i = 1; i < args.length; i++) {
      count.addFolder(Path.of(args[i]));
    }
    if (!args[0].equals("0")) {
      count.failed.add("the build itself: Maven ended with code " + args[0] + ", see above");
    }
    count.print();
    System.exit(count.failed.isEmpty() && count.passed > 0 ? 0 : 1);
  }

  private void addFolder(Path folder) throws Exception {
    if (!Files.isDirectory(folder)) { // a pattern of the shell that matched nothing
      return;
    }
    for (Path report : reports(folder)) {
      addReport(report);
    }
  }

  private static List<Path> reports(Path folder) throws IOException {
    List<Path> reports = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      stream.forEach(reports::add);
    }
    reports.sort(null);
    return reports;
  }

  private void addReport(Path report) throws Exception {
    NodeList cases =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      addCase((Element) cases.item(i));
    }
  }

  private void addCase(Element testCase) {
    String name = testCase.getAttribute("classname") + ": " + testCase.getAttribute("name");
    if (has(testCase, "failure") || has(testCase, "error")) {
      failed.add(name);
    } else if (has(testCase, "skipped")) {
      skipped.add(name + " – " + reason(testCase));
    } else {
      passed++;
    }
  }

  private static boolean has(Element testCase, String tag) {
    return testCase.getElementsByTagName(tag).getLength() > 0;
  }

  private static String reason(Element testCase) {
    Element skipped = (Element) testCase.getElementsByTagName("skipped").item(0);
    String message = skipped.getAttribute("message");
    return (message.isEmpty() ? exceptionMessage(skipped.getTextContent()) : message)
        .replaceFirst("^Assumption failed: ", "");
  }

  /** Returns the message at the head of a stack trace: Surefire writes no attribute for some. */
  private static String exceptionMessage(String stackTrace) {
    String message =
        stackTrace
            .strip()
            .split("\\R\\s+at ", 2)[0]
            .replaceFirst("^[\\w.$]+(?:Exception|Error)(?:: )?", "")
            .replaceAll("\\s+", " ");
    return message.isEmpty() ? "no reason given" : message;
  }

  private void print() {
    failed.forEach(name -> System.out.println("failed: " + name));
    skipped.forEach(name -> System.out.println("skipped: " + name));
    System.out.println(
        "%d passed, %d failed, %d skipped".formatted(passed, failed.size(), skipped.size()));
  }
}
