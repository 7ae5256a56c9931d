// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The words of each source file. To use a type in any way, also to inline a constant of it or to
 * infer it from a call, javac must get to it from a name in the file, over files that name each
 * other. The files that reach a type by words are therefore all that can depend on it, and a few
 * more.
 */
final class Mentions {
  private final Map<String, Set<String>> words = new HashMap<>();

  void add(String path, Path file) throws IOException {
    words.put(path, wordsOf(Files.readString(file)));
  }

  private static Set<String> wordsOf(String text) {
    Set<String> found = new HashSet<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean part = i < text.length() && Character.isJavaIdentifierPart(text.charAt(i));
      if (part && start < 0) {
        start = i;
      } else if (!part && start >= 0) {
        found.add(text.substring(start, i));
        start = -1;
      }
    }
    return found;
  }

  /**
   * Files that can depend on types of these names, directly or over others.
   *
   * @param typeNames the types that each file declares
   */
  Set<String> reaching(Set<String> changed, Map<String, Set<String>> typeNames) {
    Set<String> reached = new HashSet<>();
    Set<String> names = new HashSet<>(changed);
    boolean grows = !names.isEmpty();
    while (grows) {
      grows = false;
      for (Map.Entry<String, Set<String>> file : words.entrySet()) {
        if (!reached.contains(file.getKey())
            && file.getValue().stream().anyMatch(names::contains)) {
          reached.add(file.getKey());
          names.addAll(typeNames.getOrDefault(file.getKey(), Set.of()));
          grows = true;
        }
      }
    }
    return reached;
  }
}
