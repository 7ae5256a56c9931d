package io.vethtrace.daemon.kernel.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name that a container gives itself: the host name that its runtime wrote into /etc/hostname.
 * Under Kubernetes it is the name of the pod; under Docker and Podman it is the id of the container
 * or its --hostname. No runtime has to be asked.
 */
final class ContainerName {
  private static final Path HOSTNAME = Path.of("etc/hostname");
  private static final Path OWN_ROOT = Path.of("/");

  /** RFC 1123 2.1, and the underscores that people use all the same. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private ContainerName() {}

  /**
   * Empty where the process has the same host name as this one: it is in no container then ({@code
   * ip netns exec} too gives its command another mount namespace), or may not be looked into.
   *
   * @param process its folder under /proc
   */
  static Optional<String> of(Path process) {
    return hostname(process.resolve("root"))
        .filter(name -> !hostname(OWN_ROOT).equals(Optional.of(name)));
  }

  private static Optional<String> hostname(Path root) {
    try {
      String name = Files.readString(root.resolve(HOSTNAME)).strip();
      return NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
