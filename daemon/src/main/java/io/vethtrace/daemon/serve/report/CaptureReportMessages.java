package io.vethtrace.daemon.serve.report;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.vethtrace.daemon.capture.compare.CaptureFilePoint;
import io.vethtrace.daemon.capture.compare.CapturePointPair;
import io.vethtrace.daemon.capture.compare.CaptureSet;
import io.vethtrace.daemon.capture.compare.FrameRecord;
import io.vethtrace.daemon.capture.file.CapturedFrame;
import io.vethtrace.daemon.capture.file.ReadResult;
import io.vethtrace.daemon.diagnose.capture.CandidateCause;
import io.vethtrace.daemon.diagnose.capture.CaptureFinding;
import io.vethtrace.daemon.engine.capture.CaptureComparison;
import io.vethtrace.daemon.serve.Messages;
import io.vethtrace.v1.Candidate;
import io.vethtrace.v1.CaptureFile;
import io.vethtrace.v1.CaptureFrame;
import io.vethtrace.v1.CapturePoint;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.CapturedDrops;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.FrameRef;

/** Makes a message of vethtrace.v1 of a comparison of captures. */
public final class CaptureReportMessages {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  /** Each takes a hundred bytes of JSON. */
  private static final int MAX_FRAMES = 100_000;

  private final CaptureComparison comparison;
  private final CaptureSet set;

  private CaptureReportMessages(CaptureComparison comparison) {
    this.comparison = comparison;
    this.set = comparison.set();
  }

  /**
   * The message as one line of JSON.
   *
   * @param withFrames whether to name every frame
   */
  public static String json(CaptureComparison comparison, boolean withFrames) {
    try {
      return PRINTER.print(report(comparison, withFrames));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("only messages with Any can fail", e);
    }
  }

  static CaptureReport report(CaptureComparison comparison, boolean withFrames) {
    return new CaptureReportMessages(comparison).report(withFrames);
  }

  private CaptureReport report(boolean withFrames) {
    CaptureReport.Builder report = CaptureReport.newBuilder().addAllLimits(comparison.limits());
    comparison.findings().forEach(found -> report.addFindings(finding(found)));
    for (int i = 0; i < set.files().size(); i++) {
      report.addFiles(file(i));
    }
    for (CapturePointPair pairing : comparison.pairs().all()) {
      report.addPairs(PairMessages.of(set, pairing));
    }
    if (withFrames) {
      addFrames(report);
    }
    return report.build();
  }

  private void addFrames(CaptureReport.Builder report) {
    set.frameRecords().stream().limit(MAX_FRAMES).forEach(frame -> report.addFrames(frame(frame)));
    if (set.frameRecords().size() > MAX_FRAMES) {
      report.addLimits(
          "the first %,d of %,d frames were joined with the recording"
              .formatted(MAX_FRAMES, set.frameRecords().size()));
    }
  }

  private CaptureFrame frame(FrameRecord frame) {
    return CaptureFrame.newBuilder()
        .setFrame(reference(frame))
        .setFingerprint(frame.fingerprint())
        .build();
  }

  private Finding finding(CaptureComparison.Found found) {
    CaptureFinding finding = found.finding();
    Finding.Builder message =
        Finding.newBuilder()
            .setCause(Finding.Cause.valueOf(finding.cause().name()))
            .setVerdict(Finding.Verdict.valueOf(finding.verdict().name()))
            .setConfidence(Finding.Confidence.INFERRED)
            .setTitle(finding.title())
            .setExplanation(finding.explanation())
            .setInterface(finding.ifname())
            .setPackets(finding.packets())
            .setSettledBy(finding.settledBy());
    finding.evidence().forEach(evidence -> message.addEvidence(Messages.evidence(evidence)));
    finding.left().forEach(left -> message.addCandidates(candidate(left)));
    found.frames().forEach(frame -> message.addFrames(reference(frame)));
    return message.build();
  }

  private static Candidate candidate(CandidateCause left) {
    return Candidate.newBuilder()
        .setCause(Finding.Cause.valueOf(left.cause().name()))
        .setConfidence(Finding.Confidence.INFERRED)
        .setWhen(left.when())
        .build();
  }

  private FrameRef reference(FrameRecord frame) {
    CaptureFilePoint point = set.pointOf(frame);
    return FrameRef.newBuilder()
        .setFile(set.files().get(point.file()).path().toString())
        .setNumber(frame.number())
        .setInterface(point.ifname())
        .setUnixNs(unixNs(frame.unixNs()))
        .build();
  }

  private CaptureFile file(int index) {
    CaptureSet.CaptureFile file = set.files().get(index);
    CaptureFile.Builder message =
        CaptureFile.newBuilder().setPath(file.path().toString()).setFrames(file.frames());
    if (file.reading() instanceof ReadResult.Damaged damaged) {
      message.setDamage(damaged.what());
    }
    file.drops()
        .forEach((what, packets) ->
            message.addDrops(CapturedDrops.newBuilder().setWhat(what).setPackets(packets)));
    set.points().stream()
        .filter(point -> point.file() == index)
        .forEach(point -> message.addPoints(point(point)));
    return message.build();
  }

  private static CapturePoint point(CaptureFilePoint point) {
    return CapturePoint.newBuilder()
        .setInterface(point.ifname())
        .setInterfaceIsGuessed(point.isGuess())
        .setDescription(point.description())
        .setFrames(point.frames())
        .setFirstUnixNs(unixNs(point.firstNs()))
        .setLastUnixNs(unixNs(point.lastNs()))
        .build();
  }

  private static long unixNs(long ns) {
    return ns == CapturedFrame.NO_TIME ? 0 : ns;
  }
}
