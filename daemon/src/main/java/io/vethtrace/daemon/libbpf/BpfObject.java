package io.vethtrace.daemon.libbpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One ELF object of programs and maps: opened, then loaded, then closed. */
public final class BpfObject implements AutoCloseable {
  /**
   * The size of the verifier's log. On Linux before 6.4 a log that does not fit hides the
   * verifier's own error behind ENOSPC.
   */
  private static final int LOG_BYTES = 1 << 20;

  private final LibbpfCalls libbpf;
  private final String name;
  private MemorySegment object;

  BpfObject(LibbpfCalls libbpf, String name, MemorySegment object) {
    this.libbpf = libbpf;
    this.name = name;
    this.object = object;
  }

  /** The program of that name, loaded or not. */
  public BpfProgram program(String programName) {
    libbpf.warnings().clear();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program =
          libbpf.c().bpf_object__find_program_by_name(handle(), arena.allocateFrom(programName));
      String operation = "bpf_object__find_program_by_name " + programName;
      return new BpfProgram(libbpf, programName, libbpf.checkPointer(operation, program));
    }
  }

  /** Selects the programs that are loaded into the kernel. */
  public void autoloadOnly(Set<String> programNames) {
    for (MemorySegment program : programs()) {
      String programName = LibbpfCalls.string(libbpf.c().bpf_program__name(program));
      libbpf.check(
          "bpf_program__set_autoload " + programName,
          libbpf.c().bpf_program__set_autoload(program, programNames.contains(programName)));
    }
  }

  /** Uses {@code map} in place of the object's own map of that name. */
  public void reuse(String mapName, BpfMap map) {
    libbpf.warnings().clear();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment own =
          libbpf.c().bpf_object__find_map_by_name(handle(), arena.allocateFrom(mapName));
      libbpf.checkPointer("bpf_object__find_map_by_name " + mapName, own);
      libbpf.check("bpf_map__reuse_fd " + mapName, libbpf.c().bpf_map__reuse_fd(own, map.fd()));
    }
  }

  /**
   * Relocates, verifies and loads the programs.
   *
   * @throws BpfException with the verifier's log where it rejected one
   */
  public void load() {
    libbpf.warnings().clear();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment log = arena.allocate(LOG_BYTES);
      for (MemorySegment program : programs()) {
        libbpf.c().bpf_program__set_log_buf(program, log, LOG_BYTES);
      }
      int result = libbpf.c().bpf_object__load(handle());
      if (result < 0) {
        throw libbpf.failure("bpf_object__load " + name, -result, log.getString(0).strip());
      }
    }
  }

  /** Unloads what no link holds. */
  @Override
  public void close() {
    libbpf.c().bpf_object__close(object); // NULL is allowed
    object = MemorySegment.NULL;
  }

  private List<MemorySegment> programs() {
    List<MemorySegment> programs = new ArrayList<>();
    MemorySegment program = libbpf.c().bpf_object__next_program(handle(), MemorySegment.NULL);
    while (program.address() != 0) {
      programs.add(program);
      program = libbpf.c().bpf_object__next_program(object, program);
    }
    return programs;
  }

  private MemorySegment handle() {
    if (object.address() == 0) {
      throw new IllegalStateException("closed: object=" + name);
    }
    return object;
  }
}
