package io.vethtrace.daemon.engine.capture;

import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.PcapngWriter;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The interfaces of the pcapng section that one client gets. */
public final class PcapngSection {
  private final String filter;
  private final Map<CaptureInterface, Integer> ids = new LinkedHashMap<>();
  private final ByteArrayOutputStream preamble = new ByteArrayOutputStream();
  private int count;

  public PcapngSection(String kernel, String version, String filter) {
    this.filter = filter;
    preamble.writeBytes(
        new PcapngWriter().section("Linux " + kernel, "vethtrace " + version).take());
  }

  /** Returns the section header and all interface descriptions so far. */
  byte[] preamble() {
    return preamble.toByteArray();
  }

  boolean has(CaptureInterface described) {
    return ids.containsKey(described);
  }

  /** Adds an interface to the preamble. */
  void add(CaptureInterface described) {
    ids.putIfAbsent(described, count++);
    preamble.writeBytes(new PcapngWriter().interfaceDescription(described, filter).take());
  }

  /** Adds an interface to the preamble and, as the client has that already, to its blocks. */
  void add(CaptureInterface described, PcapngWriter blocks) {
    add(described);
    blocks.interfaceDescription(described, filter);
  }

  int id(CaptureInterface described) {
    Integer id = ids.get(described);
    if (id == null) {
      throw new IllegalArgumentException("not added: " + described);
    }
    return id;
  }
}
