package io.vethtrace.daemon.capture.compare;

import io.vethtrace.daemon.capture.compare.CaptureSet.CaptureFile;
import io.vethtrace.daemon.capture.file.CaptureInterface;
import io.vethtrace.daemon.capture.file.CaptureReader;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.FindingComment;
import io.vethtrace.daemon.capture.file.FrameConsumer;
import io.vethtrace.daemon.capture.file.LinkType;
import io.vethtrace.daemon.capture.file.PcapReader;
import io.vethtrace.daemon.capture.file.ReadResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the frames of files, each at its point. */
public final class CaptureCollector {
  /** A file must not fill the memory with its words. */
  private static final int MAX_DROPS = 16;

  private static final int MAX_NOTES = 64;

  private static final String OTHER_DROPS = "dropped in other ways";

  private final List<CaptureFile> files = new ArrayList<>();
  private final Map<Key, OpenPoint> points = new LinkedHashMap<>();
  private final List<FrameRecord> frameRecords = new ArrayList<>();
  private final int maxFramesOfFile;
  private long frames;
  private long unseen;
  private int kept;
  private long cutNs = Long.MAX_VALUE;

  /** Reads files in turn. */
  public static CaptureSet read(List<Path> paths) {
    return read(paths, CaptureSet.MAX_FRAMES);
  }

  static CaptureSet read(List<Path> paths, int maxFrames) {
    CaptureCollector collector = new CaptureCollector(maxFrames / Math.max(1, paths.size()));
    paths.forEach(collector::read);
    return collector.set();
  }

  /**
   * Begins.
   *
   * @param maxFramesOfFile the maximum number of frames of each file, so that no file takes
   *     another's share
   */
  CaptureCollector(int maxFramesOfFile) {
    this.maxFramesOfFile = maxFramesOfFile;
  }

  /** Interfaces of one file are told apart by their place in it; a cooked one holds several. */
  private record Key(int file, CaptureInterface from, int ifindex) {}

  private static final class OpenPoint {
    final int id;
    final Key key;
    long firstNs = CapturedFrame.NO_TIME;
    long lastNs = CapturedFrame.NO_TIME;
    long frames;

    OpenPoint(int id, Key key) {
      this.id = id;
      this.key = key;
    }

    void keep(long unixNs) {
      if (unixNs != CapturedFrame.NO_TIME) {
        firstNs = firstNs == CapturedFrame.NO_TIME ? unixNs : Math.min(firstNs, unixNs);
        lastNs = Math.max(lastNs, unixNs);
      }
    }
  }

  void read(Path path) {
    int file = files.size();
    long before = frames;
    kept = 0;
    OfFile sink = new OfFile(file);
    ReadResult reading = CaptureReader.read(path, sink);
    files.add(new CaptureFile(path, reading, frames - before, sink.drops));
    if (frames == before && !(reading instanceof ReadResult.NoCapture)) {
      String name = PcapReader.nameOfFile(path.toString());
      point(new Key(file, new CaptureInterface(name, "", LinkType.ETHERNET, 0), 0));
    }
  }

  private final class OfFile implements FrameConsumer {
    private final int file;
    private final Map<String, Long> drops = new LinkedHashMap<>();
    private final Map<FindingComment, FindingComment> notes = new HashMap<>();
    private boolean keptLast;

    OfFile(int file) {
      this.file = file;
    }

    @Override
    public void frame(long number, CapturedFrame frame) {
      keptLast = take(file, number, frame);
    }

    @Override
    public void found(FindingComment note) {
      if (keptLast && (notes.size() < MAX_NOTES || notes.containsKey(note))) {
        frameRecords.addLast(frameRecords.removeLast().noting(notes.computeIfAbsent(note, n -> n)));
      }
    }

    @Override
    public void drop(long number, CapturedFrame frame, String what) {
      frames++;
      unseen++;
      boolean hasRoom = drops.size() < MAX_DROPS || drops.containsKey(what);
      drops.merge(hasRoom ? what : OTHER_DROPS, 1L, Long::sum);
    }
  }

  /** Returns true if the collector keeps the frame. */
  private boolean take(int file, long number, CapturedFrame frame) {
    frames++;
    OpenPoint point = point(new Key(file, frame.from(), frame.ifindex()));
    point.frames++;
    if (kept < maxFramesOfFile) {
      kept++;
      frameRecords.add(FrameRecord.of(point.id, number, frame));
      return true;
    }
    if (frame.unixNs() != CapturedFrame.NO_TIME) {
      cutNs = Math.min(cutNs, frame.unixNs());
    }
    return false;
  }

  private OpenPoint point(Key key) {
    return points.computeIfAbsent(key, k -> new OpenPoint(points.size(), k));
  }

  CaptureSet set() {
    frameRecords.removeIf(frame -> frame.unixNs() >= cutNs);
    frameRecords.sort(Comparator.comparingLong(FrameRecord::unixNs));
    List<OpenPoint> open = List.copyOf(points.values());
    List<FrameRecord> ordered = new ArrayList<>(frameRecords.size());
    for (FrameRecord frame : frameRecords) {
      open.get(frame.point()).keep(frame.unixNs());
      ordered.add(frame.at(ordered.size()));
    }
    return new CaptureSet(
        files,
        points.values().stream().map(this::closed).toList(),
        ordered,
        frames == frameRecords.size() + unseen);
  }

  private CaptureFilePoint closed(OpenPoint open) {
    String fileName = PcapReader.nameOfFile(files.get(open.key.file).path().toString());
    CaptureInterface from = open.key.from;
    boolean unnamed = from.name().isEmpty() || from.name().equals(fileName);
    String ifname = unnamed ? CaptureFilePoint.ifnameOf(fileName) : from.name();
    return new CaptureFilePoint(
        open.id,
        open.key.file,
        open.key.ifindex == 0 ? ifname : ifname + "#" + open.key.ifindex,
        unnamed,
        from.description(),
        open.firstNs,
        open.lastNs,
        open.frames);
  }
}
