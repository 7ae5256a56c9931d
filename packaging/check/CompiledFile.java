// SPDX-License-Identifier: Apache-2.0

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A source file as it was when it was last compiled.
 *
 * @param path the file, from the repository's top
 * @param content a hash of its text, or {@link #OUTDATED}
 * @param interfaceHash a hash of all that its classes show to other files
 * @param classes binary names of its classes
 */
record CompiledFile(String path, String content, String interfaceHash, List<String> classes) {
  static final String OUTDATED = "-";

  CompiledFile outdated() {
    return new CompiledFile(path, OUTDATED, interfaceHash, classes);
  }

  /** Simple names of the types in the file, by which others can name them. */
  Set<String> typeNames() {
    Set<String> names = new LinkedHashSet<>();
    for (String name : classes) {
      String simple = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
      if (!simple.isEmpty() && !Character.isDigit(simple.charAt(0))) {
        names.add(simple);
      }
    }
    names.add(fileStem(path));
    return names;
  }

  static String fileStem(String path) {
    return path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
  }
}
