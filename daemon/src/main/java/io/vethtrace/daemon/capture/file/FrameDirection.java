package io.vethtrace.daemon.capture.file;

/**
 * The direction in which a frame passed the interface of its capture. The ordinal is the value of
 * the lowest two bits of pcapng's epb_flags (draft-ietf-opsawg-pcapng 4.3.1).
 */
public enum FrameDirection {
  UNKNOWN,
  INBOUND,
  OUTBOUND
}
