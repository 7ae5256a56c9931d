package io.vethtrace.cli.capture;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.investigate.NamedNetns;
import io.vethtrace.v1.Tap;

/** Reads the name of a tap: {@code veth0} in this namespace, or {@code veth0@blue}. */
public final class TapName {
  private TapName() {}

  /**
   * Returns the tap with this name.
   *
   * @throws Failure if the namespace does not exist
   */
  public static Tap parse(String text) {
    int at = text.lastIndexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    if (name.isEmpty() || at == text.length() - 1) {
      throw Failure.usage(
          "'%s' is not an interface; write veth0, or veth0@blue for one in namespace blue"
              .formatted(text));
    }
    long netns = at < 0 ? NamedNetns.own() : NamedNetns.inode(text.substring(at + 1));
    return Tap.newBuilder().setInterface(name).setNetnsInode((int) netns).build();
  }
}
