package io.vethtrace.daemon.engine.capture;

import com.google.protobuf.ByteString;
import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.PcapngWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The interfaces of the pcapng section that one client gets. */
public final class PcapngSection {
  private final String filter;
  private final Map<CaptureInterface, Integer> ids = new LinkedHashMap<>();
  private ByteString preamble;
  private int count;

  public PcapngSection(String kernel, String version, String filter) {
    this.filter = filter;
    preamble =
        ByteString.copyFrom(
            new PcapngWriter().section("Linux " + kernel, "vethtrace " + version).take());
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
            ByteString.copyFrom(new PcapngWriter().interfaceDescription(described, filter).take()));
  }

  /** Adds an interface that the client does not know yet. */
  void add(CaptureInterface described, PcapngWriter also) {
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
