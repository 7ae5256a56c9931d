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

  /**
   * Simple names of the file's top-level types. Others get to a type within one of them only over
   * these.
   */
  Set<String> typeNames() {
    Set<String> names = new LinkedHashSet<>(Set.of(fileStem(path)));
    for (String name : classes) {
      names.add(name.substring(name.lastIndexOf('.') + 1).split("\\$", 2)[0]);
    }
    return names;
  }

  static String fileStem(String path) {
    return path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
  }
}
