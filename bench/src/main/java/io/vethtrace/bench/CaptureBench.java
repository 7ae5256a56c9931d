package io.vethtrace.bench;

import io.vethtrace.daemon.capture.file.CaptureReader;
import io.vethtrace.daemon.capture.file.ReadResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reads a pcapng of ten million frames in a heap of 64 MiB, in turns with libpcap's C: {@code
 * tcpdump -r FILE --count}, which reads each frame and prints none.
 */
public final class CaptureBench {
  private static final int FRAMES = 10_000_000;
  private static final int ROUNDS = 5;

  private CaptureBench() {}

  /**
   * Runs it.
   *
   * @param args the file to write and to remove afterwards, and tcpdump
   */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    try {
      FramesFile.write(file, FRAMES);
      System.out.printf(
          "captures: a pcapng of %,d frames, %,d MiB, is read in a heap of %d MiB; %d rounds each,"
              + " in turns, after 1 to warm up.%n",
          FRAMES, Files.size(file) >> 20, Runtime.getRuntime().maxMemory() >> 20, ROUNDS);
      takeTurns(() -> ours(file), () -> theirs(args[1], file));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void takeTurns(LongSupplier ours, LongSupplier theirs) {
    List<Drain.Round> mine = new ArrayList<>();
    List<Drain.Round> others = new ArrayList<>();
    for (int i = 0; i <= ROUNDS; i++) {
      Drain.Round my = timed(ours);
      Drain.Round other = timed(theirs);
      if (i > 0) {
        mine.add(my);
        others.add(other);
      }
    }
    report(Speeds.of(mine), Speeds.of(others));
  }

  private static Drain.Round timed(LongSupplier reader) {
    long beganNs = System.nanoTime();
    long frames = reader.getAsLong();
    if (frames != FRAMES) {
      throw new IllegalStateException("frames=" + frames + " expected=" + FRAMES);
    }
    return new Drain.Round(frames, System.nanoTime() - beganNs);
  }

  private static long ours(Path file) {
    long[] bytes = new long[1];
    ReadResult reading = CaptureReader.read(file, (_, frame) -> bytes[0] += frame.bytes().length);
    return reading instanceof ReadResult.Whole whole ? whole.frames() : 0;
  }

  /** It says "10000000 packets". */
  private static long theirs(String tcpdump, Path file) {
    try {
      Process process =
          new ProcessBuilder(tcpdump, "-n", "-r", file.toString(), "--count")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Long.parseLong(said.replaceAll("(?s)\\D.*", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void report(Speeds ours, Speeds theirs) {
    System.out.println("  vethtrace, Java, to CapturedFrame objects:  " + ours.text());
    System.out.println("  tcpdump --count, C on libpcap:              " + theirs.text());
    System.out.printf(
        "  ratio of the medians:                       %6.2f%n", ours.median() / theirs.median());
  }
}
