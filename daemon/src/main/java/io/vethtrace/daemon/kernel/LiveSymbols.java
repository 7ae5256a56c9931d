package io.vethtrace.daemon.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The running kernel's symbols, read again when an address is asked for that they do not have and
 * modules have come or gone since: bridges and firewalls load theirs at their first use. Any thread
 * may ask.
 */
public final class LiveSymbols {
  private static final Path MODULES = Path.of("/proc/modules");

  private Set<String> modules;
  private Symbols symbols;

  /** Reads them, which takes a while. */
  public LiveSymbols() {
    modules = modules();
    symbols = Symbols.ofRunningKernel();
  }

  /** Symbols that have these addresses, if the kernel has them; 0 stands for no address. */
  public synchronized Symbols covering(Set<Long> addresses) {
    boolean covered = addresses.stream().allMatch(a -> a == 0 || symbols.name(a).isPresent());
    return covered ? symbols : newest();
  }

  private Symbols newest() {
    Set<String> now = modules();
    if (!now.equals(modules)) {
      modules = now;
      symbols = Symbols.ofRunningKernel();
    }
    return symbols;
  }

  /** Names of modules; none where the kernel has no modules at all (CONFIG_MODULES). */
  private static Set<String> modules() {
    try (Stream<String> lines = Files.lines(MODULES)) {
      return lines.map(line -> line.substring(0, line.indexOf(' '))).collect(Collectors.toSet());
    } catch (IOException e) {
      return Set.of();
    }
  }
}
