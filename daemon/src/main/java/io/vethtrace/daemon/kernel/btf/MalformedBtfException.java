package io.vethtrace.daemon.kernel.btf;

/** Bytes that are no BTF, or BTF that contradicts itself. */
public final class MalformedBtfException extends RuntimeException {
  private final long offset;

  MalformedBtfException(long offset, String what) {
    super("malformed BTF at offset=" + offset + ": " + what);
    this.offset = offset;
  }

  /** Returns the offset of the error in the blob, in bytes. */
  public long offset() {
    return offset;
  }
}
