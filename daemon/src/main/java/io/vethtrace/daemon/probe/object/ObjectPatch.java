package io.vethtrace.daemon.probe.object;

/** Writes a trace filter into a compiled object before it is loaded. */
public final class ObjectPatch {
  private ObjectPatch() {}

  /** Returns a copy of the object with {@code filter} written into it. */
  public static byte[] apply(TraceFilter filter, byte[] elf) {
    byte[] patched = elf.clone();
    filter.filter().ifPresent(pcap -> PcapFilterSlot.find(patched).fill(pcap.translation()));
    TraceFilterLayout.find(patched).write(filter);
    return patched;
  }
}
