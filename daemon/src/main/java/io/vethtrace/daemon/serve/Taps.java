package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.capture.Tap;
import io.vethtrace.daemon.capture.TapException;
import io.vethtrace.daemon.capture.TapOptions;
import io.vethtrace.daemon.capture.TapPoint;

/** Opens taps in any namespace. Safe on any thread. */
public interface Taps {
  /**
   * The device of that name.
   *
   * @param netns inode of its namespace; 0 for that of the host
   */
  TapPoint find(int netns, String ifname) throws TapException;

  /** The other end of a veth pair, in whatever namespace it is. */
  TapPoint peerOf(TapPoint end) throws TapException;

  /** Opens a tap there. */
  Tap open(TapPoint point, TapOptions options) throws TapException;
}
