package io.vethtrace.bench;

import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.BpfObject;
import io.vethtrace.daemon.libbpf.BpfProgram;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.probe.attach.BpfObjectFiles;
import io.vethtrace.daemon.probe.ring.EventReader;
import io.vethtrace.daemon.probe.ring.RingReader;
import io.vethtrace.daemon.trace.Event;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** vethtrace's own: the mapped ring, read into events. */
final class JavaDrain implements Drain {
  private static final int KEPT = 1024; // a power of two

  private final BpfMap events;
  private final BpfObject object;
  private final BpfProgram fill;
  private final byte[] wanted;
  private final RingReader ring;
  private final EventReader reader;

  /** The last events: the compiler must really make each one. */
  private final @Nullable Event[] kept = new Event[KEPT];

  private int next;

  JavaDrain(int ringBytes, long records) {
    Libbpf libbpf = Libbpf.load();
    events = libbpf.createMap(BpfMap.Type.RINGBUF, "vt_events", 0, 0, ringBytes);
    object = libbpf.open("fill", BpfObjectFiles.object("fill"));
    object.reuse("vt_events", events);
    object.load();
    fill = object.program("fill");
    wanted = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(records).array();
    ring = new RingReader(events, ringBytes);
    reader = new EventReader(ring);
  }

  @Override
  public Round round() {
    fill.run(wanted);
    long started = System.nanoTime();
    int records = reader.drain(this::keep);
    long nanos = System.nanoTime() - started;
    if (reader.malformed() != 0) {
      throw new IllegalStateException("malformed records: " + reader.malformed());
    }
    return new Round(records, nanos);
  }

  private void keep(Event event) {
    kept[next++ & (KEPT - 1)] = event;
  }

  @Override
  public void close() {
    ring.close();
    object.close();
    events.close();
  }
}
