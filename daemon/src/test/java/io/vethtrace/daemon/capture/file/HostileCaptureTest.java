package io.vethtrace.daemon.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.capture.compare.CapturedFrames;
import io.vethtrace.daemon.fixture.SeedCaptures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that were cut off or changed: each is read up to there, and said to be damaged. */
class HostileCaptureTest {
  private static final long SEED = 20261127;
  private static final int MUTATIONS = 2_000;

  /** The small corpus of the fuzz test beside this one; and the author's captures, if here. */
  static Stream<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : List.of(CaptureFuzzTest.CORPUS, SeedCaptures.FOLDER)) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> all = Files.list(folder)) {
          all.filter(path -> path.toString().contains(".pcap")).forEach(files::add);
        }
      }
    }
    return files.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_file_that_is_cut_off_anywhere_gives_what_was_before(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    CapturedFrames all = CapturedFrames.read(whole);
    assertThat(all.reading()).isInstanceOf(ReadResult.Whole.class);
    int before = 0;
    for (int cut = 4; cut < whole.length; cut++) {
      CapturedFrames some = CapturedFrames.read(Arrays.copyOf(whole, cut));

      assertThat(some.frames()).hasSizeBetween(before, all.frames().size());
      before = some.frames().size();
      assertSameFrames(some, all);
      if (some.reading() instanceof ReadResult.Damaged damaged) {
        assertThat(damaged.what()).endsWith("the file is cut off in it");
        assertThat(damaged.frames()).isEqualTo(before);
      }
    }
  }

  private static void assertSameFrames(CapturedFrames some, CapturedFrames all) {
    for (int i = 0; i < some.frames().size(); i++) {
      assertThat(some.frames().get(i).bytes()).isEqualTo(all.frames().get(i).bytes());
      assertThat(some.frames().get(i).unixNs()).isEqualTo(all.frames().get(i).unixNs());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_file_with_changed_bytes_never_fails_otherwise_than_by_saying_so(Path file)
      throws IOException {
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] changed = changed(whole, random);
      CapturedFrames captured = CapturedFrames.read(changed);

      long bytes = captured.frames().stream().mapToLong(frame -> frame.bytes().length).sum();
      assertThat(bytes).as("more than the file has").isLessThanOrEqualTo(changed.length);
      captured.frames().forEach(CaptureFuzzTest::lookAt);
    }
  }

  /** Single bits, whole words that are typical of lengths, and parts put twice or left out. */
  private static byte[] changed(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    for (int n = random.nextInt(1, 6); n > 0; n--) {
      int at = random.nextInt(bytes.length - 4);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bytes, at, at + 4, (byte) (random.nextBoolean() ? 0xff : 0));
        default -> System.arraycopy(bytes, at, bytes, random.nextInt(at + 1), bytes.length - at);
      }
    }
    return bytes;
  }
}
