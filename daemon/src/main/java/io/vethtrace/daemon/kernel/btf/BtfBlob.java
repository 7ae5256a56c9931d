package io.vethtrace.daemon.kernel.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The sections of a BTF blob, with every offset in it checked once, and where each type starts.
 *
 * <pre>
 * struct btf_header              include/uapi/linux/btf.h (6.18)
 *   0 magic 0xeb9f (u16)   2 version 1 (u8)   3 flags (u8)   4 hdr_len
 *   8 type_off  12 type_len  16 str_off  20 str_len      offsets count from hdr_len
 * struct btf_type
 *   0 name_off   4 info: vlen 0-15, kind 24-28, kind_flag 31   8 size or type
 *   12 what the kind adds
 * </pre>
 */
public final class BtfBlob {
  static final int KIND_INT = 1;
  static final int KIND_PTR = 2;
  static final int KIND_ARRAY = 3;
  static final int KIND_STRUCT = 4;
  static final int KIND_UNION = 5;
  public static final int KIND_ENUM = 6;
  static final int KIND_FWD = 7;
  static final int KIND_TYPEDEF = 8;
  static final int KIND_VOLATILE = 9;
  static final int KIND_CONST = 10;
  static final int KIND_RESTRICT = 11;
  public static final int KIND_FUNC = 12;
  public static final int KIND_FUNC_PROTO = 13;
  static final int KIND_VAR = 14;
  static final int KIND_DATASEC = 15;
  static final int KIND_FLOAT = 16;
  static final int KIND_DECL_TAG = 17;
  static final int KIND_TYPE_TAG = 18;
  static final int KIND_ENUM64 = 19;

  /** Words of struct btf_type itself. */
  static final int TYPE_WORDS = 3;

  private static final int MAGIC = 0xeb9f;
  private static final int HEADER_BYTES = 24;
  private static final int WORD_BYTES = 4;

  private final int typesStartBytes;
  private final int stringsStartBytes;
  // Types are of whole 32-bit words. An array of them is walked several times faster than a
  // ByteBuffer while the JVM still interprets, which is when a vmlinux is read.
  private final int[] words;
  private final byte[] strings;
  // Of the BTF that this one builds on; none for a whole one. Its strings come first.
  private final byte[] baseStrings;
  // offsets[id] is the word at which type id starts; id 0 is void and has none.
  private final int[] offsets;

  BtfBlob(ByteBuffer blob) {
    this(blob, new byte[0]);
  }

  /** A module's: its strings go on where those of {@code base} end, and so do its types. */
  BtfBlob(ByteBuffer blob, BtfBlob base) {
    this(blob, base.strings);
  }

  private BtfBlob(ByteBuffer blob, byte[] baseStrings) {
    this.baseStrings = baseStrings;
    ByteBuffer bytes = blob.slice().order(ByteOrder.nativeOrder());
    int headerBytes = checkedHeader(bytes);
    typesStartBytes = sectionStart(bytes, headerBytes, 8);
    words = words(bytes, sectionEnd(bytes, typesStartBytes, 12));
    stringsStartBytes = sectionStart(bytes, headerBytes, 16);
    strings = strings(bytes, sectionEnd(bytes, stringsStartBytes, 20));
    offsets = typeOffsets();
  }

  private static int checkedHeader(ByteBuffer bytes) {
    if (bytes.limit() < HEADER_BYTES) {
      throw new MalformedBtfException(bytes.limit(), "shorter than its header");
    }
    int magic = bytes.getShort(0) & 0xffff;
    if (magic != MAGIC) {
      boolean swapped = (Short.reverseBytes((short) magic) & 0xffff) == MAGIC;
      String what = swapped ? "made for the other byte order" : "magic=0x%04x".formatted(magic);
      throw new MalformedBtfException(0, what);
    }
    int version = bytes.get(2);
    if (version != 1) {
      throw new MalformedBtfException(2, "version=" + version);
    }
    int headerBytes = bytes.getInt(4);
    if (headerBytes < HEADER_BYTES || headerBytes > bytes.limit()) {
      throw new MalformedBtfException(4, "hdr_len=" + headerBytes);
    }
    return headerBytes;
  }

  private static int sectionStart(ByteBuffer bytes, int headerBytes, int field) {
    long start = headerBytes + Integer.toUnsignedLong(bytes.getInt(field));
    if (start > bytes.limit()) {
      throw new MalformedBtfException(field, "a section starts behind the end, at " + start);
    }
    return (int) start;
  }

  private static int sectionEnd(ByteBuffer bytes, int start, int field) {
    long end = start + Integer.toUnsignedLong(bytes.getInt(field));
    if (end > bytes.limit()) {
      throw new MalformedBtfException(field, "a section ends behind the end, at " + end);
    }
    return (int) end;
  }

  private int[] words(ByteBuffer bytes, int end) {
    int lengthBytes = end - typesStartBytes;
    if (lengthBytes % WORD_BYTES != 0) {
      throw new MalformedBtfException(end, "the types end within a word");
    }
    int[] copy = new int[lengthBytes / WORD_BYTES];
    bytes.slice(typesStartBytes, lengthBytes).order(bytes.order()).asIntBuffer().get(copy);
    return copy;
  }

  private byte[] strings(ByteBuffer bytes, int end) {
    byte[] copy = new byte[end - stringsStartBytes];
    bytes.get(stringsStartBytes, copy);
    boolean mayBeEmpty = baseStrings.length > 0;
    if (copy.length == 0 ? !mayBeEmpty : copy[copy.length - 1] != 0) {
      throw new MalformedBtfException(end, "the strings do not end in a NUL");
    }
    return copy;
  }

  private int[] typeOffsets() {
    // A vmlinux has a type for each 5 to 7 words, so this grows at most once or twice.
    int[] found = new int[words.length / 6 + 16];
    int count = 1;
    int at = 0;
    while (at < words.length) {
      if (count == found.length) {
        found = Arrays.copyOf(found, count + count / 2);
      }
      found[count++] = at;
      at = endOfType(at);
    }
    return Arrays.copyOf(found, count);
  }

  private int endOfType(int at) {
    if (at > words.length - TYPE_WORDS) {
      throw malformed(at, "a type is cut off");
    }
    int info = words[at + 1];
    int end = at + TYPE_WORDS + moreWords(at, info >>> 24 & 0x1f, info & 0xffff);
    if (end > words.length) {
      throw malformed(at, "a type of kind=" + (info >>> 24 & 0x1f) + " is cut off");
    }
    return end;
  }

  private int moreWords(int at, int kind, int vlen) {
    return switch (kind) {
      case KIND_PTR, KIND_FWD, KIND_TYPEDEF, KIND_VOLATILE, KIND_CONST, KIND_RESTRICT -> 0;
      case KIND_FUNC, KIND_FLOAT, KIND_TYPE_TAG -> 0;
      case KIND_INT, KIND_VAR, KIND_DECL_TAG -> 1;
      case KIND_ARRAY -> 3;
      case KIND_ENUM, KIND_FUNC_PROTO -> vlen * 2;
      case KIND_STRUCT, KIND_UNION, KIND_DATASEC, KIND_ENUM64 -> vlen * 3;
      default -> throw malformed(at + 1, "unknown kind=" + kind);
    };
  }

  /**
   * The first type that has this name and one of the kinds whose bits are set, and that has
   * enumerators or members: a forward declaration of an enum has none (kernel/bpf/btf.c). 0 where
   * there is no such type.
   */
  int find(int kinds, byte[] name) {
    for (int id = 1; id < offsets.length; id++) {
      int info = words[offsets[id] + 1];
      boolean candidate = (kinds >>> (info >>> 24 & 0x1f) & 1) != 0 && (info & 0xffff) != 0;
      if (candidate && stringEquals(words[offsets[id]], name)) {
        return id;
      }
    }
    return 0;
  }

  /** Returns the exception for an error at the word {@code at} of the types. */
  MalformedBtfException malformed(int at, String what) {
    return new MalformedBtfException(typesStartBytes + (long) at * WORD_BYTES, what);
  }

  /** One more than the highest type id. */
  int typeCount() {
    return offsets.length;
  }

  /** The word at which type {@code id} starts. */
  int offset(int id) {
    if (id <= 0 || id >= offsets.length) {
      throw new MalformedBtfException(typesStartBytes, "no such type: id=" + id);
    }
    return offsets[id];
  }

  int kind(int id) {
    return words[offset(id) + 1] >>> 24 & 0x1f;
  }

  int vlen(int id) {
    return words[offset(id) + 1] & 0xffff;
  }

  boolean kindFlag(int id) {
    return words[offset(id) + 1] < 0;
  }

  /** btf_type.size or btf_type.type, which share a place. */
  int sizeOrType(int id) {
    return words[offset(id) + 2];
  }

  int nameOffset(int id) {
    return words[offset(id)];
  }

  /** Word {@code index} of what follows struct btf_type. */
  int more(int id, int index) {
    return words[offset(id) + TYPE_WORDS + index];
  }

  String string(int offset) {
    byte[] holder = holder(offset);
    int start = startIn(holder, offset);
    int end = start;
    while (holder[end] != 0) {
      end++;
    }
    return new String(holder, start, end - start, StandardCharsets.UTF_8);
  }

  private boolean isOfBase(int offset) {
    return offset >= 0 && offset < baseStrings.length;
  }

  private byte[] holder(int offset) {
    return isOfBase(offset) ? baseStrings : strings;
  }

  /** Compares without making a String: a vmlinux has a hundred thousand names. */
  boolean stringEquals(int offset, byte[] name) {
    byte[] holder = holder(offset);
    int start = startIn(holder, offset);
    int end = start + name.length;
    return end < holder.length
        && holder[end] == 0
        && Arrays.equals(holder, start, end, name, 0, name.length);
  }

  private int startIn(byte[] holder, int offset) {
    int start = isOfBase(offset) ? offset : offset - baseStrings.length;
    if (start < 0 || start >= holder.length) {
      throw new MalformedBtfException(stringsStartBytes, "no such string: offset=" + offset);
    }
    return start;
  }
}
