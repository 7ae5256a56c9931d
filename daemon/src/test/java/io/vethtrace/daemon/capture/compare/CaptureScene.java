package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.capture.file.PcapngBytes;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.packet.EtherType;
import io.vethtrace.daemon.packet.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Captures that are written frame by frame, in microseconds, and read as one set. */
final class CaptureScene {
  private static final int MAC_BYTES = 14;

  private final Path directory;
  private final Map<String, PcapngBytes> files = new LinkedHashMap<>();

  CaptureScene(Path directory) {
    this.directory = directory;
  }

  /** A file for an interface of this name. */
  CaptureScene at(String ifname) {
    file(ifname);
    return this;
  }

  /** A file that begins so. */
  CaptureScene at(String ifname, PcapngBytes begun) {
    files.put(ifname, begun);
    return this;
  }

  private PcapngBytes file(String ifname) {
    return files.computeIfAbsent(
        ifname,
        name ->
            PcapngBytes.littleEndian()
                .section()
                .device(LinkType.ETHERNET, 0, PcapngBytes.text(2, name)));
  }

  /** A packet, seen there at that time. */
  CaptureScene saw(String ifname, long unixUs, Frame packet) {
    file(ifname).packet(0, unixUs, ethernet(packet, 2));
    return this;
  }

  /** Adds a frame that is addressed to the whole segment. */
  CaptureScene sawBroadcast(String ifname, long unixUs, Frame packet) {
    file(ifname).packet(0, unixUs, ethernet(packet, 0xff));
    return this;
  }

  /** A packet, of which its file says this. */
  CaptureScene sawNoting(String ifname, long unixUs, Frame packet, String... comments) {
    PcapngBytes.Option[] options =
        Arrays.stream(comments)
            .map(comment -> PcapngBytes.text(1, comment))
            .toArray(PcapngBytes.Option[]::new);
    file(ifname).packet(0, unixUs, ethernet(packet, 2), options);
    return this;
  }

  private static byte[] ethernet(Frame packet, int firstByte) {
    byte[] whole = Packets.bytes(Packets.behindMac(packet));
    whole[0] = (byte) firstByte;
    whole[MAC_BYTES - 2] = (byte) (packet.protocol() >> 8);
    whole[MAC_BYTES - 1] = (byte) packet.protocol();
    if (packet.protocol() != EtherType.ARP && packet.protocol() != EtherType.IPV4) {
      whole[MAC_BYTES - 2] = (byte) (EtherType.IPV6 >> 8);
    }
    return whole;
  }

  CaptureSet set() {
    return set(CaptureSet.MAX_FRAMES);
  }

  CaptureSet set(int maxFrames) {
    List<Path> paths = new ArrayList<>();
    files.forEach((ifname, bytes) -> paths.add(write(ifname, bytes.toArray())));
    return CaptureCollector.read(paths, maxFrames);
  }

  private Path write(String ifname, byte[] bytes) {
    try {
      return Files.write(directory.resolve(ifname + ".pcapng"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<UnansweredFrames> unanswered() {
    CaptureSet set = set();
    return UnansweredRequestSearch.unanswered(set, CapturePointPairs.of(set));
  }

  CapturePointPair pairing() {
    return CapturePointPairs.of(set()).all().getFirst();
  }
}
