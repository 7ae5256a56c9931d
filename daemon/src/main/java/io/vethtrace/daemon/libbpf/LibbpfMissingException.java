package io.vethtrace.daemon.libbpf;

/** libbpf.so.1 is not installed, or lacks a symbol of libbpf 1.1. */
public final class LibbpfMissingException extends RuntimeException {
  LibbpfMissingException(String what, Throwable cause) {
    super(what + ": install the package libbpf1 (Debian, Ubuntu) or libbpf (Fedora)", cause);
  }

  LibbpfMissingException(String what) {
    super(what + ": install the package libbpf1 (Debian, Ubuntu) or libbpf (Fedora)");
  }
}
