package io.vethtrace.daemon.libbpf;

import java.lang.foreign.MemorySegment;

/** A program's attachment; closing it detaches. */
public final class BpfLink implements AutoCloseable {
  private final LibbpfCalls libbpf;
  private final String program;
  private MemorySegment link;

  BpfLink(LibbpfCalls libbpf, String program, MemorySegment link) {
    this.libbpf = libbpf;
    this.program = program;
    this.link = link;
  }

  @Override
  public void close() {
    libbpf.warnings().clear();
    int result = libbpf.c().bpf_link__destroy(link); // NULL is allowed
    link = MemorySegment.NULL;
    libbpf.check("bpf_link__destroy " + program, result);
  }
}
