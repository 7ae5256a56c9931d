package io.vethtrace.daemon.kernel.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes BTF word by word, as include/uapi/linux/btf.h describes it. */
public final class BtfBytes {
  private final List<Integer> words = new ArrayList<>();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final int stringsStart;
  private int lastId;

  public BtfBytes() {
    stringsStart = 0;
    strings.write(0);
  }

  private BtfBytes(int stringsStart) {
    this.stringsStart = stringsStart;
  }

  /**
   * Writes the BTF of a module: its strings continue those of the kernel, as in libbpf's
   * btf__new_split.
   */
  public BtfBytes module() {
    return new BtfBytes(strings.size());
  }

  /** Adds a type and returns its id. */
  public int type(String name, int kind, boolean kindFlag, int vlen, int sizeOrType) {
    words.add(string(name));
    words.add((kindFlag ? 1 << 31 : 0) | kind << 24 | vlen);
    words.add(sizeOrType);
    return ++lastId;
  }

  public BtfBytes word(int value) {
    words.add(value);
    return this;
  }

  public BtfBytes name(String name) {
    return word(string(name));
  }

  int integer(String name, int bytes) {
    int id = type(name, BtfBlob.KIND_INT, false, 0, bytes);
    word(bytes * 8);
    return id;
  }

  int array(int element, int length) {
    int id = type("", BtfBlob.KIND_ARRAY, false, 0, 0);
    word(element).word(element).word(length);
    return id;
  }

  int typedef(String name, int type) {
    return type(name, BtfBlob.KIND_TYPEDEF, false, 0, type);
  }

  private int string(String name) {
    if (name.isEmpty()) {
      return 0;
    }
    int offset = stringsStart + strings.size();
    strings.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    strings.write(0);
    return offset;
  }

  /** An enum whose values are 0, 1, 2… */
  public BtfBytes enumOf(String name, String... enumerators) {
    type(name, BtfBlob.KIND_ENUM, false, enumerators.length, 4);
    for (int i = 0; i < enumerators.length; i++) {
      name(enumerators[i]).word(i);
    }
    return this;
  }

  public ByteBuffer bytes() {
    int typesBytes = words.size() * 4;
    ByteBuffer blob =
        ByteBuffer.allocate(24 + typesBytes + strings.size()).order(ByteOrder.nativeOrder());
    blob.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
    blob.putInt(0).putInt(typesBytes).putInt(typesBytes).putInt(strings.size());
    words.forEach(blob::putInt);
    return blob.put(strings.toByteArray()).flip();
  }

  public Btf btf() {
    return Btf.parse(bytes());
  }
}
