package io.vethtrace.daemon.serve.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.vethtrace.daemon.capture.compare.CaptureCollector;
import io.vethtrace.daemon.capture.compare.CapturePointMatch;
import io.vethtrace.daemon.capture.compare.CapturePointPairs;
import io.vethtrace.daemon.capture.compare.CaptureSet;
import io.vethtrace.daemon.capture.compare.UnansweredRequestSearch;
import io.vethtrace.daemon.diagnose.capture.CaptureDiagnosis;
import io.vethtrace.daemon.engine.capture.CaptureComparison;
import io.vethtrace.v1.CaptureFrame;
import io.vethtrace.v1.CapturePair;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads the files of the fuzz test's corpus, which are whole captures. */
class CaptureReportMessagesTest {
  private static final Path CORPUS =
      Path.of(
          "src/test/resources/io/vethtrace/daemon/capture/file/CaptureFuzzTestInputs/any_bytes");

  private static CaptureComparison explanation(String... names) {
    CaptureSet set = CaptureCollector.read(Stream.of(names).map(CORPUS::resolve).toList());
    CapturePointPairs pairings = CapturePointPairs.of(set);
    List<CaptureComparison.Found> found =
        UnansweredRequestSearch.unanswered(set, pairings).stream()
            .map(u -> new CaptureComparison.Found(CaptureDiagnosis.of(u.silence()), u.frames()))
            .toList();
    return new CaptureComparison(set, pairings, found, List.of("a limit"));
  }

  @Test
  void every_reason_for_a_miss_is_one_of_the_public_api() {
    assertThat(Stream.of(CapturePair.Miss.Why.values()).map(Enum::name))
        .containsAll(Stream.of(CapturePointMatch.Why.values()).map(Enum::name).toList());
  }

  @Test
  void a_capture_is_told_with_its_interfaces_findings_and_limits() throws IOException {
    CaptureReport report =
        CaptureReportMessages.report(explanation("micro-le.pcap", "blocks-le.pcapng"), false);

    assertThat(report.getFilesList()).extracting(f -> f.getFrames()).containsExactly(3L, 4L);
    assertThat(report.getFiles(0).getPoints(0).getInterfaceIsGuessed()).isTrue();
    assertThat(report.getFiles(1).getPoints(0).getInterface()).isEqualTo("veth0");
    assertThat(report.getFiles(1).getPoints(0).getDescription()).isEqualTo("netns blue");
    assertThat(report.getLimitsList()).containsExactly("a limit");
    Finding finding = report.getFindings(0);
    assertThat(finding.getConfidence()).isEqualTo(Finding.Confidence.INFERRED);
    assertThat(finding.getCandidatesList()).isNotEmpty();
    assertThat(finding.getFrames(0).getNumber()).isPositive();
    assertThat(finding.getSettledBy()).startsWith("vethtrace why -- ping");
    assertThat(report.getFramesCount()).isZero();
    assertThat(report.getPairsCount()).isPositive();
  }

  @Test
  void each_frame_is_named_where_it_is_asked_for_and_json_holds_all() throws IOException {
    CaptureComparison explanation = explanation("blocks-be.pcapng");
    CaptureReport report = CaptureReportMessages.report(explanation, true);
    assertThat(report.getFramesCount()).isEqualTo(4);
    assertThat(report.getFramesList()).extracting(CaptureFrame::getFingerprint).doesNotContain(0L);

    CaptureReport.Builder read = CaptureReport.newBuilder();
    JsonFormat.parser().merge(CaptureReportMessages.json(explanation, true), read);
    assertThat(read.build()).isEqualTo(report);
  }
}
