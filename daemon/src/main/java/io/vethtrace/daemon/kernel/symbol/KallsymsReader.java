package io.vethtrace.daemon.kernel.symbol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Reads lines of "ffffffff81000000 T _text" and "ffffffffc0201000 t do_it\t[module]"
 * (kernel/kallsyms.c, s_show) byte by byte: a hundred thousand lines need no Strings.
 */
public final class KallsymsReader {
  private static final int DATA = -1;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long[] addresses = new long[1 << 16];
  private int[] nameOffsets = new int[1 << 16];
  private byte[] names = new byte[1 << 20];
  private int count;
  private int namesEnd;
  private long coreFirst = -1; // unsigned: the highest
  private long coreLast;

  public KallsymsReader(InputStream in) {
    this.in = in;
  }

  /** Reads a file with the format of /proc/kallsyms. */
  public static KernelSymbols read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new KallsymsReader(in).read();
    }
  }

  /** Returns the symbols of the running kernel; none if they cannot be read. */
  public static KernelSymbols ofRunningKernel() {
    try {
      return read(KernelSymbols.RUNNING_KERNEL);
    } catch (IOException e) {
      return KernelSymbols.none();
    }
  }

  /** Reads all symbols of the stream. */
  public KernelSymbols read() throws IOException {
    int next = read1();
    while (next >= 0) {
      next = readLine(next);
    }
    sort();
    merge();
    return new KernelSymbols(
        Arrays.copyOf(addresses, count),
        Arrays.copyOf(nameOffsets, count),
        Arrays.copyOf(names, namesEnd),
        coreFirst,
        coreLast);
  }

  // Returns the first byte of the next line, below 0 at the end.
  private int readLine(int first) throws IOException {
    long address = 0;
    int at = first;
    for (int digit = hexDigit(at); digit >= 0; digit = hexDigit(at)) {
      address = address << 4 | digit;
      at = read1();
    }
    int type = at == ' ' ? read1() : at;
    at = skip(read1());
    if (address == 0 || type == 'A' || type == 'a') {
      // Hidden, or the offset of a per-CPU variable: no address.
      return skipLine(at);
    }
    return isFunction(type) ? addFunction(address, at) : addData(address, at);
  }

  // InputStream.read() of one byte would take a lock five million times.
  private int read1() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer));
      if (limit == 0) {
        return -1;
      }
    }
    return buffer[position++] & 0xff;
  }

  private int skip(int at) throws IOException {
    return at == ' ' ? read1() : at;
  }

  // The kernel prints them in lower case (%px, %016lx).
  private static int hexDigit(int at) {
    if (at >= '0' && at <= '9') {
      return at - '0';
    }
    return at >= 'a' && at <= 'f' ? at - 'a' + 10 : -1;
  }

  // T and t: text; W and w: weak, which for a function is what V is for data (nm(1)).
  private static boolean isFunction(int type) {
    return type == 'T' || type == 't' || type == 'W' || type == 'w';
  }

  private int addFunction(long address, int first) throws IOException {
    add(address, namesEnd);
    int at = first;
    while (at > ' ') {
      addToName(at);
      at = read1();
    }
    addToName(0);
    // The module's name follows a tab.
    if (at != '\t') {
      coreFirst = Long.compareUnsigned(address, coreFirst) < 0 ? address : coreFirst;
      coreLast = Long.compareUnsigned(address, coreLast) > 0 ? address : coreLast;
    }
    return skipLine(at);
  }

  private int addData(long address, int first) throws IOException {
    add(address, DATA);
    return skipLine(first);
  }

  private void add(long address, int nameOffset) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, count * 2);
      nameOffsets = Arrays.copyOf(nameOffsets, count * 2);
    }
    addresses[count] = address;
    nameOffsets[count++] = nameOffset;
  }

  private void addToName(int character) {
    if (namesEnd == names.length) {
      names = Arrays.copyOf(names, namesEnd * 2);
    }
    names[namesEnd++] = (byte) character;
  }

  private int skipLine(int first) throws IOException {
    int at = first;
    while (at >= 0 && at != '\n') {
      at = read1();
    }
    return at < 0 ? at : read1();
  }

  // The kernel's own come in order, those of modules and of BPF programs behind them do not.
  private void sort() {
    if (isSorted()) {
      return;
    }
    long[] unsorted = addresses;
    int[] unsortedNames = nameOffsets;
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingLong(i -> unsorted[i] + Long.MIN_VALUE))
            .mapToInt(Integer::intValue)
            .toArray();
    addresses = new long[count];
    nameOffsets = new int[count];
    for (int i = 0; i < count; i++) {
      addresses[i] = unsorted[order[i]];
      nameOffsets[i] = unsortedNames[order[i]];
    }
  }

  private boolean isSorted() {
    for (int i = 1; i < count; i++) {
      if (Long.compareUnsigned(addresses[i - 1], addresses[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  // Of data that follows data only the first counts: it ends the function before it.
  private void merge() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (nameOffsets[i] != DATA || kept == 0 || nameOffsets[kept - 1] != DATA) {
        addresses[kept] = addresses[i];
        nameOffsets[kept++] = nameOffsets[i];
      }
    }
    count = kept;
  }
}
