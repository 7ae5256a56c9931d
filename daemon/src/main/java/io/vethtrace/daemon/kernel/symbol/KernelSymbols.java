package io.vethtrace.daemon.kernel.symbol;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The functions of the kernel and its modules by address, from /proc/kallsyms as it was when it was
 * read. Three arrays hold them: addresses in ascending order, where each name starts, the names.
 */
public final class KernelSymbols {
  /** The running kernel's. All its addresses are 0 for who may not see them (kptr_restrict). */
  public static final Path RUNNING_KERNEL = Path.of("/proc/kallsyms");

  private final long[] addresses;
  // Below 0 where data starts: an address there is in no function.
  private final int[] nameOffsets;
  private final byte[] names;

  // The first and the last function that is in no module; unsigned.
  private final long coreFirst;
  private final long coreLast;

  KernelSymbols(long[] addresses, int[] nameOffsets, byte[] names, long coreFirst, long coreLast) {
    this.addresses = addresses;
    this.nameOffsets = nameOffsets;
    this.names = names;
    this.coreFirst = coreFirst;
    this.coreLast = coreLast;
  }

  /** Returns symbols without addresses: the kernel hides them. */
  static KernelSymbols none() {
    return new KernelSymbols(new long[0], new int[0], new byte[0], -1, 0);
  }

  /** Returns true if there are addresses to look up; false if the kernel hides them. */
  public boolean areKnown() {
    return addresses.length > 0;
  }

  /**
   * Returns true if the address belongs to the kernel itself, which modules that come and go do not
   * change.
   */
  boolean isCore(long address) {
    return Long.compareUnsigned(address, coreFirst) >= 0
        && Long.compareUnsigned(address, coreLast) <= 0;
  }

  /** The function that holds {@code address}, as "icmp_rcv". */
  public Optional<String> name(long address) {
    int index = indexOf(address);
    return index < 0 ? Optional.empty() : Optional.of(nameAt(index));
  }

  /** The function that holds {@code address}, else the address in hexadecimal. */
  public String nameOrAddress(long address) {
    return name(address).orElseGet(() -> hex(address));
  }

  /** "icmp_rcv+0x1a4", else the address in hexadecimal. */
  public String nameAndOffset(long address) {
    int index = indexOf(address);
    return index < 0
        ? hex(address)
        : nameAt(index) + "+0x" + Long.toHexString(address - addresses[index]);
  }

  private static String hex(long address) {
    return "0x%016x".formatted(address);
  }

  private int indexOf(long address) {
    int index = lastAtOrBelow(address);
    if (index < 0 || nameOffsets[index] < 0) {
      return -1;
    }
    // Of names for one address the kernel takes the first (get_symbol_pos, kernel/kallsyms.c).
    while (index > 0 && addresses[index - 1] == addresses[index] && nameOffsets[index - 1] >= 0) {
      index--;
    }
    return index;
  }

  private int lastAtOrBelow(long address) {
    int low = 0;
    int high = addresses.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private String nameAt(int index) {
    int start = nameOffsets[index];
    int end = start;
    // Compilers append ".constprop.0", ".isra.0" or ".cold" to what they make of a function.
    while (end < names.length && names[end] != 0 && names[end] != '.') {
      end++;
    }
    return new String(Arrays.copyOfRange(names, start, end), StandardCharsets.US_ASCII);
  }
}
