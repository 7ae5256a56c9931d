package io.vethtrace.cli.capture;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.investigate.NamedNetns;
import io.vethtrace.v1.Tap;

/** {@code veth0}, in the namespace of this program, or {@code veth0@blue}. */
public final class TapName {
  private TapName() {}

  /**
   * The interface of that name.
   *
   * @throws Failure where the namespace is not there
   */
  public static Tap parse(String text) {
    int at = text.lastIndexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    if (name.isEmpty() || at == text.length() - 1) {
      throw Failure.usage(
          "'%s' is no interface; write veth0, or veth0@blue for one in namespace blue"
              .formatted(text));
    }
    long netns = at < 0 ? NamedNetns.own() : NamedNetns.inode(text.substring(at + 1));
    return Tap.newBuilder().setInterface(name).setNetnsInode((int) netns).build();
  }
}
