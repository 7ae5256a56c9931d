package io.vethtrace.daemon.libbpf;

import static io.vethtrace.daemon.libbpf.NativeSymbols.BOOL;
import static io.vethtrace.daemon.libbpf.NativeSymbols.INT;
import static io.vethtrace.daemon.libbpf.NativeSymbols.LONG;
import static io.vethtrace.daemon.libbpf.NativeSymbols.POINTER;
import static io.vethtrace.daemon.libbpf.NativeSymbols.callState;
import static io.vethtrace.daemon.libbpf.NativeSymbols.unexpected;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libbpf.so.1 (symbols of 1.1 at most) under their own names and with C's
 * conventions: an int below 0 is −errno; a NULL pointer leaves the reason in {@link
 * Symbols#errno()}.
 */
final class BpfCLibrary {
  private final MethodHandle openMem;
  private final MethodHandle load;
  private final MethodHandle close;
  private final MethodHandle nextProgram;
  private final MethodHandle findProgram;
  private final MethodHandle findMap;
  private final MethodHandle programName;
  private final MethodHandle setAutoload;
  private final MethodHandle setLogBuf;
  private final MethodHandle programFd;
  private final MethodHandle attach;
  private final MethodHandle linkDestroy;
  private final MethodHandle reuseFd;
  private final MethodHandle mapCreate;
  private final MethodHandle lookupElem;
  private final MethodHandle nextKey;
  private final MethodHandle deleteElem;
  private final MethodHandle testRun;
  private final MethodHandle objectInfo;
  private final MethodHandle enableStats;
  private final MethodHandle possibleCpus;
  private final MethodHandle setPrint;
  private final MethodHandle versionString;

  BpfCLibrary(NativeSymbols so) {
    openMem = so.returningPointer("bpf_object__open_mem", POINTER, LONG, POINTER);
    load = so.returningInt("bpf_object__load", POINTER);
    close = so.returningNothing("bpf_object__close", POINTER);
    nextProgram = so.returningPointer("bpf_object__next_program", POINTER, POINTER);
    findProgram = so.returningPointer("bpf_object__find_program_by_name", POINTER, POINTER);
    findMap = so.returningPointer("bpf_object__find_map_by_name", POINTER, POINTER);
    programName = so.returningPointer("bpf_program__name", POINTER);
    setAutoload = so.returningInt("bpf_program__set_autoload", POINTER, BOOL);
    setLogBuf = so.returningInt("bpf_program__set_log_buf", POINTER, POINTER, LONG);
    programFd = so.returningInt("bpf_program__fd", POINTER);
    attach = so.returningPointer("bpf_program__attach", POINTER);
    linkDestroy = so.returningInt("bpf_link__destroy", POINTER);
    reuseFd = so.returningInt("bpf_map__reuse_fd", POINTER, INT);
    mapCreate = so.returningInt("bpf_map_create", INT, POINTER, INT, INT, INT, POINTER);
    lookupElem = so.returningInt("bpf_map_lookup_elem", INT, POINTER, POINTER);
    nextKey = so.returningInt("bpf_map_get_next_key", INT, POINTER, POINTER);
    deleteElem = so.returningInt("bpf_map_delete_elem", INT, POINTER);
    testRun = so.returningInt("bpf_prog_test_run_opts", INT, POINTER);
    objectInfo = so.returningInt("bpf_obj_get_info_by_fd", INT, POINTER, POINTER);
    enableStats = so.returningInt("bpf_enable_stats", INT);
    possibleCpus = so.returningInt("libbpf_num_possible_cpus");
    setPrint = so.returningPointer("libbpf_set_print", POINTER);
    versionString = so.returningPointer("libbpf_version_string");
  }

  MemorySegment bpf_object__open_mem(MemorySegment elf, long sizeBytes, MemorySegment opts) {
    try {
      return (MemorySegment) openMem.invokeExact(callState(), elf, sizeBytes, opts);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_object__load(MemorySegment object) {
    try {
      return (int) load.invokeExact(callState(), object);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  void bpf_object__close(MemorySegment object) {
    try {
      close.invokeExact(callState(), object);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MemorySegment bpf_object__next_program(MemorySegment object, MemorySegment previous) {
    try {
      return (MemorySegment) nextProgram.invokeExact(callState(), object, previous);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MemorySegment bpf_object__find_program_by_name(MemorySegment object, MemorySegment name) {
    try {
      return (MemorySegment) findProgram.invokeExact(callState(), object, name);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MemorySegment bpf_object__find_map_by_name(MemorySegment object, MemorySegment name) {
    try {
      return (MemorySegment) findMap.invokeExact(callState(), object, name);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MemorySegment bpf_program__name(MemorySegment program) {
    try {
      return (MemorySegment) programName.invokeExact(callState(), program);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_program__set_autoload(MemorySegment program, boolean autoload) {
    try {
      return (int) setAutoload.invokeExact(callState(), program, autoload);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_program__set_log_buf(MemorySegment program, MemorySegment buffer, long sizeBytes) {
    try {
      return (int) setLogBuf.invokeExact(callState(), program, buffer, sizeBytes);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_program__fd(MemorySegment program) {
    try {
      return (int) programFd.invokeExact(callState(), program);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MemorySegment bpf_program__attach(MemorySegment program) {
    try {
      return (MemorySegment) attach.invokeExact(callState(), program);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_link__destroy(MemorySegment link) {
    try {
      return (int) linkDestroy.invokeExact(callState(), link);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_map__reuse_fd(MemorySegment map, int fd) {
    try {
      return (int) reuseFd.invokeExact(callState(), map, fd);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_map_create(int type, MemorySegment name, int keyBytes, int valueBytes, int maxEntries) {
    try {
      return (int)
          mapCreate.invokeExact(
              callState(), type, name, keyBytes, valueBytes, maxEntries, MemorySegment.NULL);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_map_lookup_elem(int fd, MemorySegment key, MemorySegment value) {
    try {
      return (int) lookupElem.invokeExact(callState(), fd, key, value);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_map_get_next_key(int fd, MemorySegment key, MemorySegment nextKey) {
    try {
      return (int) this.nextKey.invokeExact(callState(), fd, key, nextKey);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_map_delete_elem(int fd, MemorySegment key) {
    try {
      return (int) deleteElem.invokeExact(callState(), fd, key);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_prog_test_run_opts(int fd, MemorySegment opts) {
    try {
      return (int) testRun.invokeExact(callState(), fd, opts);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_obj_get_info_by_fd(int fd, MemorySegment info, MemorySegment infoLength) {
    try {
      return (int) objectInfo.invokeExact(callState(), fd, info, infoLength);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int bpf_enable_stats(int type) {
    try {
      return (int) enableStats.invokeExact(callState(), type);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  int libbpf_num_possible_cpus() {
    try {
      return (int) possibleCpus.invokeExact(callState());
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MemorySegment libbpf_set_print(MemorySegment function) {
    try {
      return (MemorySegment) setPrint.invokeExact(callState(), function);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MemorySegment libbpf_version_string() {
    try {
      return (MemorySegment) versionString.invokeExact(callState());
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }
}
