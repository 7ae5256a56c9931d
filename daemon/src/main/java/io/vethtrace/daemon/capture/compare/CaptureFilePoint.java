package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A capture point: one interface of one capture file.
 *
 * @param id the index among all points
 * @param file the index of its file among all files
 * @param ifname the name of the interface, as far as the file names it
 * @param isGuess true if only the name of the file suggests it
 * @param firstNs the time of its first frame; {@link CapturedFrame#NO_TIME} where there is none
 * @param lastNs the time of its last frame: when a capture began and ended is not in the file
 */
public record CaptureFilePoint(
    int id,
    int file,
    String ifname,
    boolean isGuess,
    String description,
    long firstNs,
    long lastNs,
    long frames) {

  /** People call a capture of veth0 veth0.pcap, veth0before.pcap or veth0-2.pcapng. */
  private static final Pattern DEVICE = Pattern.compile("^([a-z]+[0-9]+|lo|any)(?![0-9])");

  private static final Pattern EXTENSION = Pattern.compile("\\.(pcap|pcapng|cap|dump)$");

  /** The device that a file's name begins with, or else that name without its extension. */
  static String ifnameOf(String fileName) {
    String stem = EXTENSION.matcher(fileName).replaceFirst("");
    Matcher device = DEVICE.matcher(stem);
    return device.find() ? device.group(1) : stem;
  }

  /**
   * Returns true if the name is a device's name as far as the file shows, and not just the name of
   * the file.
   */
  boolean isDevice() {
    return !ifname.contains("#") && (!isGuess || DEVICE.matcher(ifname).matches());
  }

  /** The namespace that it is in, by its name for people; empty where the file does not say. */
  Optional<String> netnsName() {
    return CaptureInterface.netnsName(description);
  }

  boolean isEmpty() {
    return firstNs == CapturedFrame.NO_TIME;
  }

  /** Returns true if there is a moment at which both points captured frames. */
  boolean overlaps(CaptureFilePoint other, long slackNs) {
    return !isEmpty()
        && !other.isEmpty()
        && firstNs <= other.lastNs + slackNs
        && other.firstNs <= lastNs + slackNs;
  }
}
