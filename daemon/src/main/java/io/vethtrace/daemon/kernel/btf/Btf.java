package io.vethtrace.daemon.kernel.btf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks things up in BTF by name: the running kernel's, or that of a compiled BPF object (section
 * .BTF). It keeps the blob's bytes and one int a type, and makes objects for what is asked for
 * alone. The format is that of include/uapi/linux/btf.h (6.18), in this machine's byte order. BTF
 * of a module builds on vmlinux's: of that, enums alone can be read here.
 */
public final class Btf {
  /** The BTF of the running kernel; CONFIG_DEBUG_INFO_BTF makes it, since 5.4. */
  public static final Path RUNNING_KERNEL = Path.of("/sys/kernel/btf/vmlinux");

  private static final int ENUMS = 1 << BtfBlob.KIND_ENUM | 1 << BtfBlob.KIND_ENUM64;
  private static final int STRUCTS = 1 << BtfBlob.KIND_STRUCT;

  private final BtfBlob blob;

  private Btf(BtfBlob blob) {
    this.blob = blob;
  }

  /**
   * Reads a file that holds raw BTF.
   *
   * @throws MalformedBtfException when its bytes are no BTF
   */
  public static Btf read(Path path) throws IOException {
    return parse(ByteBuffer.wrap(Files.readAllBytes(path)));
  }

  /**
   * The BTF between the buffer's position and its limit, which it copies.
   *
   * @throws MalformedBtfException when the bytes are no BTF
   */
  public static Btf parse(ByteBuffer bytes) {
    return new Btf(new BtfBlob(bytes));
  }

  /**
   * The enums of a loaded module, whose BTF builds on this one.
   *
   * @throws MalformedBtfException when the file's bytes are no BTF
   */
  public ModuleEnums module(Path path) throws IOException {
    Btf module = new Btf(new BtfBlob(ByteBuffer.wrap(Files.readAllBytes(path)), blob));
    return module::enumValues;
  }

  /**
   * Reads enums of a module's BTF, which needs none of the types that the module shares with the
   * kernel.
   */
  public interface ModuleEnums {
    /** Returns the values of an enum, like {@link Btf#enumValues}. */
    Optional<Map<String, Long>> enumValues(String enumName);
  }

  /** The enumerators of {@code enum enumName}, in their order, with their values. */
  public Optional<Map<String, Long>> enumValues(String enumName) {
    int id = blob.find(ENUMS, enumName.getBytes(StandardCharsets.UTF_8));
    return id == 0 ? Optional.empty() : Optional.of(values(id));
  }

  /** Returns true if BTF describes a function of this name: a trampoline can be attached to it. */
  public boolean hasFunction(String functionName) {
    byte[] name = functionName.getBytes(StandardCharsets.UTF_8);
    for (int id = 1; id < blob.typeCount(); id++) {
      if (blob.kind(id) == BtfBlob.KIND_FUNC && blob.stringEquals(blob.nameOffset(id), name)) {
        return true;
      }
    }
    return false;
  }

  /** The value of an enumerator of whatever enum, anonymous ones too. */
  public OptionalLong enumerator(String enumeratorName) {
    byte[] name = enumeratorName.getBytes(StandardCharsets.UTF_8);
    for (int id = 1; id < blob.typeCount(); id++) {
      int vlen = (ENUMS >>> blob.kind(id) & 1) != 0 ? blob.vlen(id) : 0;
      for (int i = 0; i < vlen; i++) {
        if (blob.stringEquals(enumeratorName(id, i), name)) {
          return OptionalLong.of(value(id, i));
        }
      }
    }
    return OptionalLong.empty();
  }

  private Map<String, Long> values(int id) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (int i = 0; i < blob.vlen(id); i++) {
      values.put(blob.string(enumeratorName(id, i)), value(id, i));
    }
    return Collections.unmodifiableMap(values);
  }

  // struct btf_enum: name_off, val; struct btf_enum64: name_off, val_lo32, val_hi32
  private int enumeratorName(int id, int index) {
    return blob.more(id, index * (is64(id) ? 3 : 2));
  }

  private long value(int id, int index) {
    if (is64(id)) {
      long high = blob.more(id, index * 3 + 2);
      return high << 32 | Integer.toUnsignedLong(blob.more(id, index * 3 + 1));
    }
    int value = blob.more(id, index * 2 + 1);
    // kind_flag says that values are signed, since 6.0. Older BTF never sets it; the enums that are
    // read here have no negative values.
    return blob.kindFlag(id) ? value : Integer.toUnsignedLong(value);
  }

  private boolean is64(int id) {
    return blob.kind(id) == BtfBlob.KIND_ENUM64;
  }

  /** The name of what a function returns: "int", "skb_drop_reason" for the enum of that name. */
  public Optional<String> returnType(String functionName) {
    byte[] name = functionName.getBytes(StandardCharsets.UTF_8);
    for (int id = 1; id < blob.typeCount(); id++) {
      // The type of a function is its prototype, and the type of a prototype what it returns.
      if (blob.kind(id) == BtfBlob.KIND_FUNC && blob.stringEquals(blob.nameOffset(id), name)) {
        return Optional.of(new BtfTypes(blob).name(blob.sizeOrType(blob.sizeOrType(id))));
      }
    }
    return Optional.empty();
  }

  /** {@code struct structName} with its members. */
  public Optional<Struct> struct(String structName) {
    int id = blob.find(STRUCTS, structName.getBytes(StandardCharsets.UTF_8));
    return id == 0
        ? Optional.empty()
        : Optional.of(new Struct(structName, blob.sizeOrType(id), members(id)));
  }

  private List<Member> members(int id) {
    BtfTypes types = new BtfTypes(blob);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < blob.vlen(id); i++) {
      // struct btf_member: name_off, type, offset
      int type = blob.more(id, i * 3 + 1);
      int offset = blob.more(id, i * 3 + 2);
      // With kind_flag the upper 8 bits are the width of a bit-field, 0 for other members.
      int width = blob.kindFlag(id) ? offset >>> 24 : 0;
      members.add(
          new Member(
              blob.string(blob.more(id, i * 3)),
              blob.kindFlag(id) ? offset & 0xff_ffff : offset,
              width != 0 ? width : types.byteSize(type) * 8L,
              types.elementCount(type),
              types.name(type)));
    }
    return members;
  }

  /** A struct as BTF has it. */
  public record Struct(String name, int byteSize, List<Member> members) {
    public Struct {
      members = List.copyOf(members);
    }

    /** The member with this name. */
    public Optional<Member> member(String memberName) {
      return members.stream().filter(m -> m.name().equals(memberName)).findFirst();
    }
  }

  /**
   * A member of a struct.
   *
   * @param name empty for an anonymous struct or union
   * @param bitOffset from the start of the struct
   * @param bitSize of the whole member: of all elements of an array
   * @param elementCount the number of elements of an array (of all dimensions), 1 for another
   * @param typeName of the (element) type: typedefs stay, const and volatile go; "*" ends a pointer
   */
  public record Member(
      String name, long bitOffset, long bitSize, int elementCount, String typeName) {

    /**
     * Returns the offset of the member in bytes. A bit-field starts at the byte that contains its
     * first bit.
     */
    public long byteOffset() {
      return bitOffset / 8;
    }

    /**
     * Returns the size of the member in bytes. A bit-field has the size of the bytes that it
     * touches.
     */
    public long byteSize() {
      return (bitOffset % 8 + bitSize + 7) / 8;
    }
  }
}
