package io.vethtrace.cli.connect;

import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** A directory that only this user can enter, for the socket of a private daemon. */
record PrivateSocketDirectory(Path path) {
  /** sockaddr_un.sun_path has 108 bytes with its NUL (include/uapi/linux/un.h). */
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  static PrivateSocketDirectory create() {
    return Stream.of(
            Path.of("/run/vethtrace"),
            Path.of(System.getProperty("java.io.tmpdir")),
            Path.of("/tmp"))
        .filter(Files::isWritable)
        .flatMap(PrivateSocketDirectory::createIn)
        .findFirst()
        .orElseThrow(() ->
            Failure.notPossible(
                "the private daemon has no directory for its socket: neither /run/vethtrace nor /tmp"
                    + " can be written"));
  }

  private static Stream<PrivateSocketDirectory> createIn(Path parent) {
    try {
      PrivateSocketDirectory made =
          new PrivateSocketDirectory(Files.createTempDirectory(parent, "private-", OWNER_ONLY));
      if (made.socket().toString().length() <= MAX_SOCKET_PATH_BYTES) {
        return Stream.of(made);
      }
      made.delete();
    } catch (IOException e) {
      // The next directory may work.
    }
    return Stream.empty();
  }

  Path socket() {
    return path.resolve("vethtrace.sock");
  }

  void delete() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It has been deleted already.
    }
  }
}
