package io.vethtrace.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path folder;

  private static ServerSocketChannel listen(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return server.bind(UnixDomainSocketAddress.of(path));
  }

  @Test
  void the_folder_is_made() {
    Path path = folder.resolve("run/deep/s.sock");
    try (SocketFile file = SocketFile.prepare(path)) {
      assertThat(file.path().getParent()).isDirectory();
      assertThat(path).doesNotExist();
    }
  }

  @Test
  void a_socket_that_somebody_listens_on_is_left_alone() throws IOException {
    Path path = folder.resolve("s.sock");
    try (ServerSocketChannel other = listen(path)) {
      assertThatThrownBy(() -> SocketFile.prepare(path))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("is in use")
          .hasMessageContaining("--socket");
      assertThat(other.isOpen()).isTrue();
      assertThat(Files.exists(path)).isTrue();
    }
  }

  @Test
  void a_socket_left_behind_by_a_daemon_that_was_killed_makes_room() throws IOException {
    Path path = folder.resolve("s.sock");
    listen(path).close();
    assertThat(Files.exists(path)).isTrue();

    try (SocketFile file = SocketFile.prepare(path);
        ServerSocketChannel mine = listen(path)) {
      file.restrict();
      assertThat(mine.isOpen()).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-rw----");
    }
    assertThat(Files.exists(path)).isFalse();
  }

  @Test
  void a_socket_that_another_daemon_has_put_in_its_place_stays() throws IOException {
    Path path = folder.resolve("s.sock");
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      try (SocketFile _ = SocketFile.prepare(path)) {
        other.bind(UnixDomainSocketAddress.of(path));
      }
      assertThat(path).exists();
    }
  }

  @Test
  void a_file_of_another_kind_is_refused_and_not_deleted() throws Exception {
    Path file = Files.writeString(folder.resolve("notes"), "precious");
    Path directory = Files.createDirectory(folder.resolve("directory"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    for (Path path : new Path[] {file, directory, link, dangling, pipe}) {
      assertThatThrownBy(() -> SocketFile.prepare(path))
          .as(path.toString())
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("is not a socket");
      assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
    assertThat(file).hasContent("precious");
  }

  @Test
  void a_path_that_cannot_be_made_is_one_sentence() throws IOException {
    Path file = Files.writeString(folder.resolve("notes"), "");
    assertThatThrownBy(() -> SocketFile.prepare(file.resolve("s.sock")))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("cannot listen on")
        .hasMessageContaining("pass --socket");
  }
}
