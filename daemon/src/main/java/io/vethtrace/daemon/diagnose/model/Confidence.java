package io.vethtrace.daemon.diagnose.model;

/** The basis of a verdict. */
public enum Confidence {
  /** The deciding fact was seen in the kernel. */
  OBSERVED,
  /** The deciding fact was concluded from settings and from what did not happen. */
  INFERRED
}
