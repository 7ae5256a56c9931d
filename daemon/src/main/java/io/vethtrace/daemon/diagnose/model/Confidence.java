package io.vethtrace.daemon.diagnose.model;

/** How a verdict was reached. */
public enum Confidence {
  /** The deciding fact was seen in the kernel. */
  OBSERVED,
  /** The deciding fact was concluded from settings and from what did not happen. */
  INFERRED
}
