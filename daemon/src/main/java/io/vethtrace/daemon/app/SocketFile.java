package io.vethtrace.daemon.app;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;

/**
 * The file of the Unix socket: made so that only its owner and group can connect, and gone when the
 * daemon is.
 */
record SocketFile(Path path) implements AutoCloseable {
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  /**
   * Makes room for the socket: its folder, and no file left by a daemon that was killed.
   *
   * @throws StartFailure where another daemon listens there, or the folder cannot be made
   */
  static SocketFile prepare(Path path) {
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        makeFolder(folder);
      }
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        removeStale(path);
      }
      return new SocketFile(path);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      throw StartFailure.socket(path, e);
    }
  }

  /**
   * Makes the folder of the socket. The mode of the socket decides who may connect, so others may
   * enter a folder that was made for it.
   */
  private static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (isAnswered(path)) {
      throw new StartFailure(
          "the socket %s is in use: another vethtraced listens there; stop it, or pass --socket with another path"
              .formatted(path));
    }
    if (!isSocket(path)) {
      throw new StartFailure("%s is not a socket: pass --socket with another path".formatted(path));
    }
    Files.delete(path);
  }

  /** S_ISSOCK, inode(7): a device or a pipe is no more ours to delete than a file is. */
  private static boolean isSocket(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & FILE_TYPE) == SOCKET;
  }

  private static boolean isAnswered(Path path) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Lets owner and group connect, nobody else. */
  void restrict() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
  }

  /**
   * Gives it to a group, where that exists: its members can then connect.
   *
   * @return what keeps them from it, in one sentence, where something does
   */
  Optional<String> shareWith(String group) {
    try {
      GroupPrincipal principal =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(principal);
      return Optional.empty();
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty(); // where there is no such group, nobody is missed
    } catch (IOException e) {
      return Optional.of(
          "members of the group %s cannot connect, as %s cannot be given to it (%s); run as root or as a member"
              .formatted(group, path, e.getMessage()));
    }
  }

  /**
   * Removes the socket, unless another daemon has put its own in its place since this one stopped
   * listening.
   */
  @Override
  public void close() {
    try {
      if (!isAnswered(path)) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.getLogger("vethtrace").log(System.Logger.Level.WARNING, "cannot remove " + path, e);
    }
  }
}
