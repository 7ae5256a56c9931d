package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.live.Tap;
import io.vethtrace.daemon.capture.live.TapException;
import io.vethtrace.daemon.capture.live.TapOptions;
import io.vethtrace.daemon.capture.live.TapPoint;

/** Opens taps in any namespace. Safe on any thread. */
public interface TapOpener {
  /**
   * Finds the device of that name.
   *
   * @param netns the inode of its namespace; 0 for that of the host
   */
  TapPoint find(int netns, String ifname) throws TapException;

  /** Finds the other end of a veth pair, in whatever namespace it is. */
  TapPoint peerOf(TapPoint end) throws TapException;

  /** Opens a tap on a device. */
  Tap open(TapPoint point, TapOptions options) throws TapException;
}
