// SPDX-License-Identifier: Apache-2.0

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Javac in this process, without annotation processors and without Error Prone. */
final class Javac {
  private static final List<String> OPTIONS =
      List.of(
          "-proc:none",
          "-implicit:none",
          "-nowarn",
          "-Xlint:none",
          "-g",
          "-parameters",
          "-encoding",
          "UTF-8");

  private Javac() {}

  /**
   * Compiles and returns the binary names of the classes of each source file. Throws {@link Stop}
   * where javac found errors.
   */
  static Map<Path, Set<String>> compile(List<Path> sources, List<Path> classpath, Path output)
      throws IOException {
    Files.createDirectories(output);
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      Origins origins = new Origins(files);
      List<String> options = new java.util.ArrayList<>(OPTIONS);
      options.addAll(List.of("-d", output.toString(), "-cp", join(output, classpath)));
      PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
      boolean compiled =
          javac
              .getTask(
                  out, origins, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        throw new Stop("Nothing was tested: the sources above do not compile.");
      }
      sources.forEach(source -> origins.classes.putIfAbsent(source, Set.of()));
      return origins.classes;
    }
  }

  private static String join(Path output, List<Path> classpath) {
    return output
        + File.pathSeparator
        + classpath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Notes which source each class came from. */
  private static final class Origins extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<Path, Set<String>> classes = new TreeMap<>();

    Origins(StandardJavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        FileObject sibling)
        throws IOException {
      Path source = fileManager.asPath(sibling);
      classes.computeIfAbsent(source, _ -> new TreeSet<>()).add(className);
      return super.getJavaFileForOutput(location, className, kind, sibling);
    }
  }
}
