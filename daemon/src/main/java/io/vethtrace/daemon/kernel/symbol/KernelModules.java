package io.vethtrace.daemon.kernel.symbol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The modules that the kernel has loaded, from /proc/modules (kernel/module/procfs.c, m_show; 6.4
 * and newer give the address of their code and the size of all their memory).
 */
final class KernelModules {
  /** Addresses are 0 for who may not see them (kptr_restrict). */
  private static final Path LOADED = Path.of("/proc/modules");

  // "veth 45056 0 - Live 0xffffffffc0a00000"; behind it may be "(OE)"
  private static final Pattern LINE =
      Pattern.compile("^(\\S+) (\\d+) .* 0x([0-9a-f]{1,16})(?: \\(.*\\))?$");

  /**
   * @param name as lsmod has it
   * @param base where its code is
   */
  record Module(String name, long base, long sizeBytes) {
    private boolean holds(long address) {
      return Long.compareUnsigned(address - base, sizeBytes) < 0;
    }
  }

  private final TreeMap<Long, Module> byBase = new TreeMap<>(Comparator.naturalOrder());

  private KernelModules(Stream<Module> modules) {
    // As signed numbers the kernel's addresses are in the same order.
    modules.forEach(module -> byBase.put(module.base(), module));
  }

  /** None where they cannot be read, or the kernel has no modules at all (CONFIG_MODULES). */
  static KernelModules loaded() {
    try {
      return read(Files.readAllLines(LOADED));
    } catch (IOException e) {
      return read(List.of());
    }
  }

  static KernelModules read(List<String> lines) {
    return new KernelModules(lines.stream().flatMap(line -> module(line).stream()));
  }

  private static Optional<Module> module(String line) {
    Matcher fields = LINE.matcher(line);
    return fields.matches()
        ? Optional.of(
            new Module(
                fields.group(1),
                Long.parseUnsignedLong(fields.group(3), 16),
                Long.parseLong(fields.group(2))))
        : Optional.empty();
  }

  /** The module whose code an address is in. */
  Optional<Module> holding(long address) {
    return Optional.ofNullable(byBase.floorEntry(address))
        .map(entry -> entry.getValue())
        .filter(module -> module.holds(address));
  }

  /** Returns true if this module is, or was, at this address. */
  boolean has(Module module) {
    return module.equals(byBase.get(module.base()));
  }
}
