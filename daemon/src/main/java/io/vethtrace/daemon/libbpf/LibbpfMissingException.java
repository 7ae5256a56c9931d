package io.vethtrace.daemon.libbpf;

/** libbpf.so.1 is not installed, or lacks a symbol of libbpf 1.1. */
public final class LibbpfMissingException extends RuntimeException {
  private static final String REMEDY =
      "install the package libbpf1 (Debian, Ubuntu) or libbpf (Fedora)";

  private final String found;

  LibbpfMissingException(String found, Throwable cause) {
    this(found);
    initCause(cause);
  }

  LibbpfMissingException(String found) {
    super(found + ": " + REMEDY);
    this.found = found;
  }

  /** Returns the name of the missing part. */
  public String found() {
    return found;
  }

  /** Returns the advice to the user. */
  public String remedy() {
    return REMEDY;
  }
}
