// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The repository and {@code build/check} in it, with what all modules share: the jars that Maven
 * resolved, which are asked for again only after a pom has changed.
 *
 * @param root the top folder of the repository
 * @param version changes when the program or the JDK does, and then nothing that was compiled is
 *     used again
 */
record Workspace(Path root, String version) {
  static Workspace here() {
    return new Workspace(Path.of("").toAbsolutePath(), System.getProperty("check.version", ""));
  }

  Path folder() {
    return root.resolve("build/check");
  }

  void prepare() throws IOException, InterruptedException {
    Path stamp = folder().resolve("classpath.of");
    String poms = hash(poms());
    if (Files.exists(stamp) && Files.readString(stamp).equals(poms) && jarsExist()) {
      return;
    }
    System.out.println("Maven resolves the dependencies, once for each change of a pom ...");
    Files.deleteIfExists(stamp);
    Files.createDirectories(folder().resolve("classpath"));
    // Nothing runs in these phases; without them Maven does not know that a module can be found in
    // the reactor.
    Command.run(
        root,
        "mvn",
        "-q",
        "test-compile",
        "dependency:build-classpath@check-classpath",
        "-Dmaven.main.skip",
        "-Dmaven.test.skip=true",
        "-Dmaven.resources.skip",
        "-Dexec.skip",
        "-Dprotobuf.skip",
        "-Dspotless.check.skip");
    Files.writeString(stamp, poms);
  }

  private List<Path> poms() throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      return Stream.concat(Stream.of(root), folders.sorted())
          .map(folder -> folder.resolve("pom.xml"))
          .filter(Files::exists)
          .toList();
    }
  }

  private boolean jarsExist() throws IOException {
    for (Module module : Module.values()) {
      if (!Files.exists(classpathFile(module)) || !jars(module).stream().allMatch(Files::exists)) {
        return false;
      }
    }
    return true;
  }

  private Path classpathFile(Module module) {
    return folder().resolve("classpath/vethtrace-" + module.folder());
  }

  /** The version in the top pom, which Maven puts into resources. */
  String projectVersion() throws IOException {
    Matcher version =
        Pattern.compile("<version>(.*?)</version>")
            .matcher(Files.readString(root.resolve("pom.xml")));
    return version.find() ? version.group(1) : "unknown";
  }

  /**
   * The jars of others that a module compiles and runs with. Maven lists the reactor's folders too;
   * they are left out.
   */
  List<Path> jars(Module module) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String entry : Files.readString(classpathFile(module)).strip().split(":")) {
      if (entry.endsWith(".jar") && !entry.startsWith(root + "/")) {
        jars.add(Path.of(entry));
      }
    }
    return jars;
  }

  /** A hash of the files' contents, in the given order. */
  static String hash(List<Path> files) throws IOException {
    MessageDigest digest = sha256();
    for (Path file : files) {
      digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String hash(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)), 0, 12);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All files below a folder, in the order of their names; none if it does not exist. */
  static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
