package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.kernel.host.ProcessCapabilities;
import io.vethtrace.daemon.libbpf.BpfErrno;
import io.vethtrace.daemon.libbpf.BpfException;
import io.vethtrace.daemon.libbpf.BpfMap;
import io.vethtrace.daemon.libbpf.Libbpf;
import io.vethtrace.daemon.libbpf.MappedMemory;
import io.vethtrace.daemon.probe.attach.TracingUnavailableException;
import io.vethtrace.daemon.probe.attach.UnavailableReasons;
import io.vethtrace.daemon.probe.counter.KernelPacketCounters;
import io.vethtrace.daemon.probe.counter.PacketCounterMaps;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.trace.Hook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The maps that all objects share: the ring, its counters, and the exact counts. */
public record SharedMaps(
    BpfMap events, BpfMap counters, KernelPacketCounters packetCounters, Map<String, BpfMap> byName)
    implements AutoCloseable {
  static final String EVENTS = "vt_events";
  static final String COUNTERS = "vt_hook_counts";

  public static SharedMaps create(Libbpf libbpf, int ringBytes) {
    List<BpfMap> made = new ArrayList<>(List.of(ring(libbpf, ringBytes)));
    try {
      BpfMap counters = counters(libbpf);
      made.add(counters);
      return of(made.getFirst(), counters, PacketCounterMaps.create(libbpf));
    } catch (BpfException e) {
      made.forEach(BpfMap::close);
      throw UnavailableReasons.noCounters(e, ProcessCapabilities.ofThisProcess());
    }
  }

  private static SharedMaps of(BpfMap events, BpfMap counters, PacketCounterMaps counterMaps) {
    Map<String, BpfMap> byName = new HashMap<>(counterMaps.byName());
    byName.put(EVENTS, events);
    byName.put(COUNTERS, counters);
    return new SharedMaps(
        events, counters, new KernelPacketCounters(counterMaps), Map.copyOf(byName));
  }

  @SuppressWarnings("EnumOrdinal")
  public // it is the wire value
  ProbeHitCounters of(Hook hook) {
    return ProbeHitCounters.of(counters.sumOverCpus(hook.ordinal()));
  }

  @Override
  public void close() {
    events.close();
    counters.close();
    packetCounters.close();
  }

  private static BpfMap ring(Libbpf libbpf, int ringBytes) {
    try {
      return libbpf.createMap(BpfMap.Type.RINGBUF, EVENTS, 0, 0, ringBytes);
    } catch (BpfException e) {
      throw noRing(libbpf, ringBytes, e);
    }
  }

  private static TracingUnavailableException noRing(Libbpf libbpf, int ringBytes, BpfException e) {
    if (e.errno() != BpfErrno.EPERM) {
      return UnavailableReasons.noMemory(ringBytes, e);
    }
    return smallRingIsAllowed(libbpf)
        ? UnavailableReasons.memlock(ringBytes, e)
        : UnavailableReasons.noPrivilege(e, ProcessCapabilities.ofThisProcess());
  }

  /**
   * Tests if a small ring is allowed: Linux before 5.11 refuses a map beyond RLIMIT_MEMLOCK with
   * EPERM too.
   */
  private static boolean smallRingIsAllowed(Libbpf libbpf) {
    try {
      libbpf.createMap(BpfMap.Type.RINGBUF, EVENTS, 0, 0, MappedMemory.pageBytes()).close();
      return true;
    } catch (BpfException e) {
      return false;
    }
  }

  private static BpfMap counters(Libbpf libbpf) {
    return libbpf.createMap(
        BpfMap.Type.PERCPU_ARRAY,
        COUNTERS,
        Integer.BYTES,
        ProbeHitCounters.SIZE_BYTES,
        Hook.values().length);
  }
}
