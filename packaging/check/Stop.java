// SPDX-License-Identifier: Apache-2.0

/** Ends the run with a message for the user, who can do something about it. */
final class Stop extends RuntimeException {
  private static final long serialVersionUID = 1;

  Stop(String message) {
    super(message, null, false, false);
  }
}
