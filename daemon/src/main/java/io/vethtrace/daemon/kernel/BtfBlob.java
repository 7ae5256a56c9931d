package io.vethtrace.daemon.kernel;

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
final class BtfBlob {
  static final int KIND_INT = 1;
  static final int KIND_PTR = 2;
  static final int KIND_ARRAY = 3;
  static final int KIND_STRUCT = 4;
  static final int KIND_UNION = 5;
  static final int KIND_ENUM = 6;
  static final int KIND_FWD = 7;
  static final int KIND_TYPEDEF = 8;
  static final int KIND_VOLATILE = 9;
  static final int KIND_CONST = 10;
  static final int KIND_RESTRICT = 11;
  static final int KIND_FUNC = 12;
  static final int KIND_FUNC_PROTO = 13;
  static final int KIND_VAR = 14;
  static final int KIND_DATASEC = 15;
  static final int KIND_FLOAT = 16;
  static final int KIND_DECL_TAG = 17;
  static final int KIND_TYPE_TAG = 18;
  static final int KIND_ENUM64 = 19;

  static final int TYPE_BYTES = 12;

  private static final int MAGIC = 0xeb9f;
  private static final int HEADER_BYTES = 24;

  private final ByteBuffer bytes;
  private final int stringsStart;
  private final int stringsEnd;
  // offsets[id] is where type id starts; id 0 is void and has no bytes.
  private final int[] offsets;

  BtfBlob(ByteBuffer blob) {
    bytes = blob.slice().order(ByteOrder.nativeOrder());
    int headerBytes = checkedHeader();
    int typesStart = section(headerBytes, 8);
    int typesEnd = sectionEnd(typesStart, 12);
    stringsStart = section(headerBytes, 16);
    stringsEnd = sectionEnd(stringsStart, 20);
    if (stringsEnd == stringsStart || bytes.get(stringsEnd - 1) != 0) {
      throw new MalformedBtfException(stringsEnd, "the strings do not end in a NUL");
    }
    offsets = typeOffsets(typesStart, typesEnd);
  }

  private int checkedHeader() {
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

  private int section(int headerBytes, int field) {
    long start = headerBytes + Integer.toUnsignedLong(bytes.getInt(field));
    if (start > bytes.limit()) {
      throw new MalformedBtfException(field, "a section starts behind the end, at " + start);
    }
    return (int) start;
  }

  private int sectionEnd(int start, int field) {
    long end = start + Integer.toUnsignedLong(bytes.getInt(field));
    if (end > bytes.limit()) {
      throw new MalformedBtfException(field, "a section ends behind the end, at " + end);
    }
    return (int) end;
  }

  private int[] typeOffsets(int start, int end) {
    // vmlinux has a type for each 20 to 30 bytes, so this grows at most once or twice.
    int[] found = new int[(end - start) / 24 + 16];
    int count = 1;
    int at = start;
    while (at < end) {
      if (count == found.length) {
        found = Arrays.copyOf(found, count + count / 2);
      }
      found[count++] = at;
      at = endOfType(at, end);
    }
    return Arrays.copyOf(found, count);
  }

  private int endOfType(int at, int sectionEnd) {
    if (at > sectionEnd - TYPE_BYTES) {
      throw new MalformedBtfException(at, "a type is cut off");
    }
    long end = (long) at + TYPE_BYTES + trailingBytes(at);
    if (end > sectionEnd) {
      throw new MalformedBtfException(at, "a type of kind=" + kindAt(at) + " is cut off");
    }
    return (int) end;
  }

  private int trailingBytes(int at) {
    int vlen = bytes.getInt(at + 4) & 0xffff;
    return switch (kindAt(at)) {
      case KIND_PTR, KIND_FWD, KIND_TYPEDEF, KIND_VOLATILE, KIND_CONST, KIND_RESTRICT -> 0;
      case KIND_FUNC, KIND_FLOAT, KIND_TYPE_TAG -> 0;
      case KIND_INT, KIND_VAR, KIND_DECL_TAG -> 4;
      case KIND_ARRAY -> 12;
      case KIND_ENUM, KIND_FUNC_PROTO -> vlen * 8;
      case KIND_STRUCT, KIND_UNION, KIND_DATASEC, KIND_ENUM64 -> vlen * 12;
      default -> throw new MalformedBtfException(at + 4, "unknown kind=" + kindAt(at));
    };
  }

  private int kindAt(int at) {
    return bytes.getInt(at + 4) >>> 24 & 0x1f;
  }

  /** One more than the highest type id. */
  int typeCount() {
    return offsets.length;
  }

  /** Where type {@code id} starts. */
  int offset(int id) {
    if (id <= 0 || id >= offsets.length) {
      throw new MalformedBtfException(0, "no such type: id=" + id);
    }
    return offsets[id];
  }

  int kind(int id) {
    return kindAt(offset(id));
  }

  int vlen(int id) {
    return bytes.getInt(offset(id) + 4) & 0xffff;
  }

  boolean kindFlag(int id) {
    return bytes.getInt(offset(id) + 4) < 0;
  }

  /** btf_type.size or btf_type.type, which share a place. */
  int sizeOrType(int id) {
    return bytes.getInt(offset(id) + 8);
  }

  int nameOffset(int id) {
    return bytes.getInt(offset(id));
  }

  /** The 32-bit value at {@code at}, an offset that lies within a type. */
  int i32(int at) {
    return bytes.getInt(at);
  }

  String string(int offset) {
    int start = stringStart(offset);
    int end = start;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - start];
    bytes.get(start, name);
    return new String(name, StandardCharsets.UTF_8);
  }

  /** Compares without making a String: a vmlinux has a hundred thousand names. */
  boolean stringEquals(int offset, byte[] name) {
    int start = stringStart(offset);
    if (name.length >= stringsEnd - start || bytes.get(start + name.length) != 0) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (bytes.get(start + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private int stringStart(int offset) {
    if (offset < 0 || offset >= stringsEnd - stringsStart) {
      throw new MalformedBtfException(stringsStart, "no such string: offset=" + offset);
    }
    return stringsStart + offset;
  }
}
