package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.object.TraceFilter;
import java.util.List;

/** The state of the probes and of the ring that they write to. Safe on any thread. */
public interface TracingStatus {
  /** Returns each probe point with its mechanism and its counters. */
  List<ProbeStatus> probes();

  /** Returns what the kernel side lets through to the ring. */
  TraceFilter traceFilter();

  /** Returns the capacity of the ring. */
  long ringBytes();

  /** Returns how many bytes of the ring wait to be read. */
  long ringUsedBytes();

  /** Checks what this process can trace on this kernel, and what it lacks. */
  DoctorReport report();
}
