package io.vethtrace.daemon.capture.file;

import java.util.Optional;

/**
 * The interface on which frames were captured.
 *
 * @param name the device's name; of a file that names none, the file's
 * @param description in words, such as the network namespace; may be empty
 * @param linkType LINKTYPE_ value of the frames (www.tcpdump.org/linktypes.html)
 * @param snapLenBytes up to how many bytes of a frame were captured; 0 where there was no limit
 */
public record CaptureInterface(String name, String description, int linkType, int snapLenBytes) {
  private static final String NETNS = "network namespace ";

  /** The description of an interface of a network namespace, by its name for people. */
  public static String ofNetns(String netnsName) {
    return NETNS + netnsName;
  }

  /** Reads a description that {@link #ofNetns} made; empty for any other. */
  public static Optional<String> netnsName(String description) {
    return description.startsWith(NETNS)
        ? Optional.of(description.substring(NETNS.length()))
        : Optional.empty();
  }
}
