package io.vethtrace.daemon.app;

import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.symbol.RunningKernelSymbols;
import java.util.concurrent.CompletableFuture;

/** The names that the running kernel gives to its reasons and places. */
record ReasonAndFunctionNames(DropReasons reasons, RunningKernelSymbols symbols) {

  /** Reads them on other threads: the probes load meanwhile, and someone waits for both. */
  static CompletableFuture<ReasonAndFunctionNames> reading() {
    return CompletableFuture.supplyAsync(RunningKernelSymbols::new)
        .thenCombine(
            CompletableFuture.supplyAsync(DropReasons::ofRunningKernel),
            (symbols, reasons) -> new ReasonAndFunctionNames(reasons, symbols));
  }
}
