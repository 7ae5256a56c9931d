package io.vethtrace.daemon.kernel.btf;

/** Sizes and names of types, through typedefs, qualifiers and arrays. */
final class BtfTypes {
  // BTF may be hostile: a typedef of itself must end in an exception, not in a loop.
  private static final int MAX_DEPTH = 64;
  // BTF does not say how large a pointer is; bpf and every kernel that is traced here have 64 bits.
  private static final int POINTER_BYTES = 8;

  private final BtfBlob blob;

  BtfTypes(BtfBlob blob) {
    this.blob = blob;
  }

  /** The size of a type, 0 for void, a function and a forward declaration. */
  long byteSize(int id) {
    int element = id;
    long count = 1;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      int bare = bare(element, true);
      if (bare == 0) {
        return 0;
      }
      if (blob.kind(bare) != BtfBlob.KIND_ARRAY) {
        return Math.multiplyExact(count, ownSize(bare));
      }
      count = checkedProduct(count, arrayLength(bare), bare);
      element = arrayElement(bare);
    }
    throw tooDeep(id);
  }

  private long ownSize(int id) {
    return switch (blob.kind(id)) {
      case BtfBlob.KIND_PTR -> POINTER_BYTES;
      case BtfBlob.KIND_INT,
          BtfBlob.KIND_STRUCT,
          BtfBlob.KIND_UNION,
          BtfBlob.KIND_ENUM,
          BtfBlob.KIND_ENUM64,
          BtfBlob.KIND_FLOAT ->
          Integer.toUnsignedLong(blob.sizeOrType(id));
      default -> 0;
    };
  }

  /** The number of elements of an array of whatever dimensions, else 1. */
  int elementCount(int id) {
    int element = bare(id, true);
    long count = 1;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      if (element == 0 || blob.kind(element) != BtfBlob.KIND_ARRAY) {
        return (int) count;
      }
      count = checkedProduct(count, arrayLength(element), element);
      element = bare(arrayElement(element), true);
    }
    throw tooDeep(id);
  }

  /** The name of a type, for an array that of its elements. */
  String name(int id) {
    return name(id, 0);
  }

  private String name(int id, int depth) {
    if (depth == MAX_DEPTH) {
      throw tooDeep(id);
    }
    int bare = bare(id, false);
    if (bare == 0) {
      return "void";
    }
    return switch (blob.kind(bare)) {
      case BtfBlob.KIND_ARRAY -> name(arrayElement(bare), depth + 1);
      case BtfBlob.KIND_PTR -> name(blob.sizeOrType(bare), depth + 1) + "*";
      default -> blob.string(blob.nameOffset(bare));
    };
  }

  private int bare(int id, boolean throughTypedefs) {
    int type = id;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      if (type == 0 || !isWrapper(blob.kind(type), throughTypedefs)) {
        return type;
      }
      type = blob.sizeOrType(type);
    }
    throw tooDeep(id);
  }

  private static boolean isWrapper(int kind, boolean throughTypedefs) {
    return switch (kind) {
      case BtfBlob.KIND_VOLATILE,
          BtfBlob.KIND_CONST,
          BtfBlob.KIND_RESTRICT,
          BtfBlob.KIND_TYPE_TAG ->
          true;
      case BtfBlob.KIND_TYPEDEF -> throughTypedefs;
      default -> false;
    };
  }

  private int arrayElement(int id) {
    return blob.more(id, 0);
  }

  private long arrayLength(int id) {
    return Integer.toUnsignedLong(blob.more(id, 2));
  }

  private long checkedProduct(long count, long length, int id) {
    long product = count * length;
    if (product > Integer.MAX_VALUE) {
      throw blob.malformed(blob.offset(id), "an array of " + product + " elements");
    }
    return product;
  }

  private MalformedBtfException tooDeep(int id) {
    return blob.malformed(blob.offset(id), "a type that leads to itself");
  }
}
