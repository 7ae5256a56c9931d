package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FindingComment;
import io.vethtrace.daemon.capture.file.FrameDirection;
import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.IpPacket;
import io.vethtrace.daemon.packet.Packet;
import java.util.Optional;

/**
 * One frame at one point, without its bytes.
 *
 * @param index the index among all frames, in order of time
 * @param number the number in its file, counted from 1
 * @param isToMany true if it is addressed to more than one host
 * @param bytesHash of all captured bytes from the network header on
 * @param note the finding in the comment of the frame
 */
public record FrameRecord(
    int index,
    int point,
    long number,
    long unixNs,
    FrameDirection direction,
    boolean isToMany,
    long fingerprint,
    long bytesHash,
    Packet packet,
    Optional<FindingComment> note) {

  private static final long FNV_BEGIN = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  static FrameRecord of(int point, long number, CapturedFrame captured) {
    Frame frame = captured.frame();
    Packet packet = Packet.parse(frame);
    return new FrameRecord(
        0,
        point,
        number,
        captured.unixNs(),
        captured.direction(),
        frame.isToMany() || isToMany(packet),
        Fingerprint.of(frame),
        hash(captured.bytes(), frame.networkOffset()),
        packet,
        Optional.empty());
  }

  /** Multicast, and IPv4's limited broadcast (RFC 919): nobody in particular is to answer. */
  private static boolean isToMany(Packet packet) {
    return packet instanceof IpPacket ip
        && (ip.destination().isMulticastAddress()
            || ip.destination().getHostAddress().equals("255.255.255.255"));
  }

  /**
   * Two frames with the same one are the same to each bit, as far as is worth a thought (FNV-1a).
   */
  private static long hash(byte[] bytes, int from) {
    long hash = FNV_BEGIN;
    for (int i = from; i < bytes.length; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  FrameRecord at(int newIndex) {
    return new FrameRecord(
        newIndex, point, number, unixNs, direction, isToMany, fingerprint, bytesHash, packet, note);
  }

  FrameRecord noting(FindingComment itsNote) {
    return new FrameRecord(
        index,
        point,
        number,
        unixNs,
        direction,
        isToMany,
        fingerprint,
        bytesHash,
        packet,
        Optional.of(itsNote));
  }

  boolean hasTime() {
    return unixNs != CapturedFrame.NO_TIME;
  }
}
