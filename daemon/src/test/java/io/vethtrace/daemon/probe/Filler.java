package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.trace.Hook;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/** A ring of its own and the BPF program that fills it with records of the real type. */
final class Filler implements AutoCloseable {
  private final SharedMaps maps;
  private final BpfObject object;
  private final RingReader ring;

  Filler(int ringBytes) {
    Libbpf libbpf = Libbpf.load();
    maps = SharedMaps.create(libbpf, ringBytes);
    object = libbpf.open("fill", BpfResource.object("fill"));
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

  Counters counters() {
    return maps.of(Hook.VETH_XMIT);
  }

  @Override
  public void close() {
    ring.close();
    object.close();
    maps.close();
  }
}
