package io.vethtrace.daemon.serve;

import com.google.protobuf.ByteString;
import io.vethtrace.daemon.capture.CaptureInterface;
import io.vethtrace.daemon.capture.PcapngBlocks;
import java.util.LinkedHashMap;
import java.util.Map;

/** The interfaces of the pcapng section that one client gets. */
final class PcapngSection {
  private final String filter;
  private final Map<CaptureInterface, Integer> ids = new LinkedHashMap<>();
  private ByteString preamble;
  private int count;

  PcapngSection(String kernel, String version, String filter) {
    this.filter = filter;
    preamble =
        ByteString.copyFrom(
            new PcapngBlocks().section("Linux " + kernel, "vethtrace " + version).take());
  }

  /** The section header and all interface descriptions so far. */
  ByteString preamble() {
    return preamble;
  }

  boolean has(CaptureInterface described) {
    return ids.containsKey(described);
  }

  /** Adds an interface to the preamble. */
  void add(CaptureInterface described) {
    ids.putIfAbsent(described, count++);
    preamble =
        preamble.concat(
            ByteString.copyFrom(new PcapngBlocks().interfaceDescription(described, filter).take()));
  }

  /** Adds an interface that the client does not know yet. */
  void add(CaptureInterface described, PcapngBlocks also) {
    add(described);
    also.interfaceDescription(described, filter);
  }

  int id(CaptureInterface described) {
    Integer id = ids.get(described);
    if (id == null) {
      throw new IllegalArgumentException("not added: " + described);
    }
    return id;
  }
}
