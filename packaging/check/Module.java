// SPDX-License-Identifier: Apache-2.0

import java.util.List;

/**
 * The Maven modules that have Java sources and take part in unit tests, each after those that it
 * needs.
 */
enum Module {
  PROTO("proto", List.of()),
  DAEMON("daemon", List.of(PROTO)),
  CLI("cli", List.of(PROTO)),
  LAB("lab", List.of());

  private final String folder;
  private final List<Module> needs;

  Module(String folder, List<Module> needs) {
    this.folder = folder;
    this.needs = needs;
  }

  String folder() {
    return folder;
  }

  List<Module> needs() {
    return needs;
  }

  /** Returns true if classes of this module load the eBPF objects as resources. */
  boolean usesBpf() {
    return this == DAEMON;
  }

  boolean usesProtoc() {
    return this == PROTO;
  }
}
