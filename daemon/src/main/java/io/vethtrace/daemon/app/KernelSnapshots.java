package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.Snapshot;
import io.vethtrace.daemon.diagnose.SnapshotSource;
import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.kernel.NetnsReading;
import io.vethtrace.daemon.kernel.Symbols;
import io.vethtrace.daemon.trace.Hook;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Snapshots of the running kernel. */
record KernelSnapshots(
    DropReasons reasons, Symbols symbols, Map<Hook, String> blind, NetnsReader reader)
    implements SnapshotSource {

  @Override
  public Snapshot take(Set<Integer> namespaces) {
    Map<Integer, NetnsFacts> read = new HashMap<>();
    for (int inode : namespaces) {
      // A namespace that is gone is simply not in the snapshot: the rules then do without it.
      if (reader.read(inode) instanceof NetnsReading.Read(NetnsFacts facts)) {
        read.put(inode, facts);
      }
    }
    return new Snapshot(reasons, symbols, blind, read);
  }
}
