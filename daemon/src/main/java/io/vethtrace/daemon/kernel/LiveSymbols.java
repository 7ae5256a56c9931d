package io.vethtrace.daemon.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The running kernel's symbols, read again when an address outside the kernel itself is asked for
 * and modules have come or gone since: bridges and firewalls load theirs at their first use. An
 * address in a module that was not there would be taken for the symbol before it. Any thread may
 * ask.
 */
public final class LiveSymbols {
  private static final Path MODULES = Path.of("/proc/modules");

  /** Events come by the thousand: the list of modules holds for so long. */
  private static final long FRESH_NS = 10_000_000;

  private long lookedNs;
  private Set<String> modules;
  private Symbols symbols;

  /** Reads them, which takes a while. */
  public LiveSymbols() {
    lookedNs = System.nanoTime();
    modules = modules();
    symbols = Symbols.ofRunningKernel();
  }

  /** Symbols that have these addresses, if the kernel has them; 0 stands for no address. */
  public synchronized Symbols covering(Set<Long> addresses) {
    return addresses.stream().allMatch(a -> a == 0 || symbols.isCore(a)) ? symbols : newest();
  }

  private Symbols newest() {
    if (System.nanoTime() - lookedNs < FRESH_NS) {
      return symbols;
    }
    lookedNs = System.nanoTime();
    Set<String> now = modules();
    if (!now.equals(modules)) {
      modules = now;
      symbols = Symbols.ofRunningKernel();
    }
    return symbols;
  }

  /**
   * Names of modules and where they are; none where the kernel has no modules at all
   * (CONFIG_MODULES).
   */
  private static Set<String> modules() {
    try (Stream<String> lines = Files.lines(MODULES)) {
      return lines.map(LiveSymbols::nameAndAddress).collect(Collectors.toSet());
    } catch (IOException e) {
      return Set.of();
    }
  }

  // "veth 45056 0 - Live 0xffffffffc0a00000": what lies between changes while a module stays.
  private static String nameAndAddress(String line) {
    return line.replaceAll("^(\\S+) \\d+ \\d+ \\S+ \\S+", "$1");
  }
}
