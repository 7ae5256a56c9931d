package io.vethtrace.daemon.probe.ring;

import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.probe.SharedMaps;
import io.vethtrace.daemon.probe.attach.BpfObjectFiles;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.trace.Hook;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/** A ring of its own and the BPF program that fills it with records of the real type. */
final class RingFiller implements AutoCloseable {
  private final SharedMaps maps;
  private final BpfObject object;
  private final RingReader ring;

  RingFiller(int ringBytes) {
    Libbpf libbpf = Libbpf.load();
    maps = SharedMaps.create(libbpf, ringBytes);
    object = libbpf.open("fill", BpfObjectFiles.object("fill"));
    object.autoloadOnly(Set.of("fill"));
    maps.byName().forEach(object::reuse);
    object.load();
    ring = new RingReader(maps.events(), ringBytes);
  }

  RingReader ring() {
    return ring;
  }

  void fill(long records) {
    object
        .program("fill")
        .run(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(records).array());
  }

  ProbeHitCounters counters() {
    return maps.of(Hook.VETH_XMIT);
  }

  @Override
  public void close() {
    ring.close();
    object.close();
    maps.close();
  }
}
