package io.vethtrace.daemon.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vethtrace.daemon.capture.compare.CapturedFrames;
import io.vethtrace.daemon.packet.Fingerprint;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.packet.Packet;
import java.nio.file.Path;

/**
 * Any bytes at all are read without an exception and without memory that they did not earn. A run
 * of the tests plays the corpus; {@code make fuzz} looks for more.
 */
class CaptureFuzzTest {
  /** The folder in which Jazzer looks for the inputs of the method below. */
  static final Path CORPUS =
      Path.of(
          "src/test/resources/io/vethtrace/daemon/capture/file/CaptureFuzzTestInputs/any_bytes");

  @FuzzTest(maxDuration = "5m")
  void any_bytes(byte[] bytes) {
    CapturedFrames captured = CapturedFrames.read(bytes);
    long captures = captured.frames().stream().mapToLong(frame -> frame.bytes().length).sum();
    assertThat(captures).isLessThanOrEqualTo(bytes.length);
    captured.frames().forEach(CaptureFuzzTest::lookAt);
  }

  /** All that is done with a frame of a file. */
  static void lookAt(CapturedFrame captured) {
    Frame frame = captured.frame();
    assertThat(Packet.parse(frame).summary()).isNotNull();
    assertThat(Fingerprint.agree(Fingerprint.of(frame), Fingerprint.UNKNOWN)).isFalse();
    boolean cooked = captured.from().linkType() == LinkType.LINUX_SLL2;
    assertThat(cooked || captured.ifindex() == 0).isTrue();
  }
}
