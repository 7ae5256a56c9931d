package io.vethtrace.daemon.libbpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** A program of an object; valid until the object is closed. */
public final class BpfProgram {
  /** {@code struct bpf_test_run_opts}, libbpf 1.1, src/bpf.h. */
  private static final MemoryLayout RUN_OPTS =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("sz"),
          ADDRESS.withName("data_in"),
          ADDRESS.withName("data_out"),
          JAVA_INT.withName("data_size_in"),
          JAVA_INT.withName("data_size_out"),
          ADDRESS.withName("ctx_in"),
          ADDRESS.withName("ctx_out"),
          JAVA_INT.withName("ctx_size_in"),
          JAVA_INT.withName("ctx_size_out"),
          JAVA_INT.withName("retval"),
          JAVA_INT.withName("repeat"),
          JAVA_INT.withName("duration"),
          JAVA_INT.withName("flags"),
          JAVA_INT.withName("cpu"),
          JAVA_INT.withName("batch_size"));

  private static final VarHandle SZ = RUN_OPTS.varHandle(PathElement.groupElement("sz"));
  private static final VarHandle DATA_IN = RUN_OPTS.varHandle(PathElement.groupElement("data_in"));
  private static final VarHandle DATA_SIZE_IN =
      RUN_OPTS.varHandle(PathElement.groupElement("data_size_in"));
  private static final VarHandle CTX_IN = RUN_OPTS.varHandle(PathElement.groupElement("ctx_in"));
  private static final VarHandle CTX_SIZE_IN =
      RUN_OPTS.varHandle(PathElement.groupElement("ctx_size_in"));
  private static final VarHandle RETVAL = RUN_OPTS.varHandle(PathElement.groupElement("retval"));

  /** {@code struct bpf_prog_info}, include/uapi/linux/bpf.h; grows at its end only. */
  private static final int INFO_BYTES = 216;

  private static final int RUN_TIME_NS = 192;
  private static final int RUN_CNT = 200;
  private static final int RECURSION_MISSES = 208;

  private final LibbpfCalls libbpf;
  private final String name;
  private final MemorySegment program;

  BpfProgram(LibbpfCalls libbpf, String name, MemorySegment program) {
    this.libbpf = libbpf;
    this.name = name;
    this.program = program;
  }

  /** Attaches to the hook that the program's section names. */
  public BpfLink attach() {
    libbpf.warnings().clear();
    MemorySegment link = libbpf.c().bpf_program__attach(program);
    return new BpfLink(libbpf, name, libbpf.checkPointer("bpf_program__attach " + name, link));
  }

  /**
   * Runs a {@code SEC("syscall")} program once.
   *
   * @param context what the program gets as its context; may be empty
   * @return what the program returned
   */
  public int run(byte[] context) {
    return run(CTX_IN, CTX_SIZE_IN, context);
  }

  /**
   * Runs a {@code SEC("tc")} program once, on an skb that the kernel makes of a frame.
   *
   * @param frame at least an Ethernet header
   * @return what the program returned
   */
  public int runOnFrame(byte[] frame) {
    return run(DATA_IN, DATA_SIZE_IN, frame);
  }

  private int run(VarHandle input, VarHandle size, byte[] bytes) {
    libbpf.warnings().clear();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment opts = arena.allocate(RUN_OPTS);
      SZ.set(opts, 0L, RUN_OPTS.byteSize());
      if (bytes.length > 0) {
        input.set(opts, 0L, arena.allocateFrom(JAVA_BYTE, bytes));
        size.set(opts, 0L, bytes.length);
      }
      libbpf.check("bpf_prog_test_run_opts " + name, libbpf.c().bpf_prog_test_run_opts(fd(), opts));
      return (int) RETVAL.get(opts, 0L);
    }
  }

  /**
   * The number of runs of a program and their time.
   *
   * @param timeNs 0 until the kernel measures ({@link Libbpf#measureRuns})
   * @param count likewise
   * @param misses how often it was to run while it ran already on that CPU, and did not; 0 before
   *     5.12
   */
  public record Runs(long timeNs, long count, long misses) {}

  /** Returns the kernel's counts of its runs. */
  public Runs runs() {
    libbpf.warnings().clear();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(INFO_BYTES, Long.BYTES);
      MemorySegment length = arena.allocateFrom(JAVA_INT, INFO_BYTES);
      libbpf.check(
          "bpf_obj_get_info_by_fd " + name, libbpf.c().bpf_obj_get_info_by_fd(fd(), info, length));
      return new Runs(
          info.get(JAVA_LONG, RUN_TIME_NS),
          info.get(JAVA_LONG, RUN_CNT),
          info.get(JAVA_LONG, RECURSION_MISSES));
    }
  }

  private int fd() {
    return libbpf.check("bpf_program__fd " + name, libbpf.c().bpf_program__fd(program));
  }
}
