package io.vethtrace.daemon.kernel.symbol;

import java.util.Set;

/**
 * The running kernel's symbols, read again when an address is asked for in a module that was loaded
 * since: bridges and firewalls load theirs at their first use. Such an address would be taken for
 * the symbol before it. Safe for use by any thread.
 */
public final class RunningKernelSymbols {
  /** Events come by the thousand: the list of modules holds for so long. */
  private static final long FRESH_NS = 10_000_000;

  private KernelModules known;
  private KernelModules loaded;
  private long loadedNs;
  private KernelSymbols symbols;

  /** Reads them, which takes a while. */
  public RunningKernelSymbols() {
    loadedNs = System.nanoTime();
    loaded = KernelModules.loaded();
    known = loaded;
    symbols = KallsymsReader.ofRunningKernel();
  }

  /** Symbols that have these addresses, if the kernel has them; 0 stands for no address. */
  public synchronized KernelSymbols covering(Set<Long> addresses) {
    if (addresses.stream().anyMatch(this::isInNewModule)) {
      // First the list: what is loaded in between is then read once more, and not missed.
      known = loaded;
      symbols = KallsymsReader.ofRunningKernel();
    }
    return symbols;
  }

  private boolean isInNewModule(long address) {
    return address != 0
        && !symbols.isCore(address)
        && latest().holding(address).filter(module -> !known.has(module)).isPresent();
  }

  private KernelModules latest() {
    if (System.nanoTime() - loadedNs > FRESH_NS) {
      loadedNs = System.nanoTime();
      loaded = KernelModules.loaded();
    }
    return loaded;
  }
}
