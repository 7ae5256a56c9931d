package io.vethtrace.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.v1.CaptureFrame;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.FrameRef;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.WhyReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CaptureRecordingJoinTest {
  private static final long OFFSET_NS = 1_700_000_000_000_000_000L;
  private static final long ARP = 0x1111_1111_2222_2222L;
  private static final long WITHOUT_PAYLOAD = 0x0000_0000_2222_2222L;
  private static final long OTHER_PAYLOAD = 0x3333_3333_2222_2222L;

  private static CaptureFrame frame(String ifname, long number, long ktimeNs, long fingerprint) {
    return CaptureFrame.newBuilder()
        .setFrame(ref(ifname, number, ktimeNs))
        .setFingerprint(fingerprint)
        .build();
  }

  private static FrameRef ref(String ifname, long number, long ktimeNs) {
    return FrameRef.newBuilder()
        .setFile(ifname + ".pcap")
        .setInterface(ifname)
        .setNumber(number)
        .setUnixNs(OFFSET_NS + ktimeNs)
        .build();
  }

  private static Journey journey(long ktimeNs) {
    return Journey.newBuilder()
        .setPacket("ARP")
        .setFingerprint(ARP)
        .addHops(Hop.newBuilder().setInterface("veth0").setKtimeNs(ktimeNs))
        .addHops(Hop.newBuilder().setInterface("veth1").setKtimeNs(ktimeNs + 5000))
        .build();
  }

  private static Recording recording(long offsetNs, Journey... journeys) {
    WhyReport report =
        WhyReport.newBuilder()
            .addAllJourneys(List.of(journeys))
            .addFindings(
                Finding.newBuilder()
                    .setCause(Finding.Cause.SOURCE_ADDRESS_IS_LOCAL)
                    .setConfidence(Finding.Confidence.OBSERVED)
                    .setJourney(journeys[0]))
            .build();
    return new Recording(
        RecordingHeader.newBuilder().setRealtimeOffsetNs(offsetNs).build(),
        List.of(),
        Optional.of(report),
        Optional.empty());
  }

  private static CaptureReport captures(CaptureFrame... frames) {
    return CaptureReport.newBuilder().addAllFrames(List.of(frames)).build();
  }

  private static List<Long> numbers(CaptureReport report, int journey) {
    return report.getJourneys(journey).getFramesList().stream().map(FrameRef::getNumber).toList();
  }

  @Test
  void frames_are_joined_by_fingerprint_interface_and_time() {
    CaptureReport report =
        CaptureRecordingJoin.join(
            captures(
                frame("veth0", 1, 1_000_000, ARP),
                frame("veth1", 1, 1_006_000, WITHOUT_PAYLOAD),
                frame("veth0", 2, 1_000_100, OTHER_PAYLOAD),
                frame("eth0", 1, 1_000_000, ARP),
                frame("veth0", 3, 2_000_000_000, ARP)),
            recording(OFFSET_NS, journey(1_001_000), journey(2_000_001_000)));

    assertThat(report.getFramesCount()).isZero();
    assertThat(numbers(report, 0)).containsExactly(1L, 1L);
    assertThat(numbers(report, 1)).containsExactly(3L);
    assertThat(report.getFindings(0).getFramesList())
        .as("of all tries of the packet")
        .containsExactly(
            ref("veth0", 1, 1_000_000), ref("veth1", 1, 1_006_000), ref("veth0", 3, 2_000_000_000));
    assertThat(ExitCode.of(report)).isEqualTo(ExitCode.FAULT_FOUND);
  }

  @Test
  void what_the_recording_explains_is_not_said_once_more() {
    Finding same = Finding.newBuilder().addFrames(ref("veth0", 1, 1_000_000)).build();
    Finding another = Finding.newBuilder().addFrames(ref("veth0", 9, 1_000_000)).build();
    CaptureReport report =
        CaptureRecordingJoin.join(
            captures(frame("veth0", 1, 1_000_000, ARP)).toBuilder()
                .addFindings(same)
                .addFindings(another)
                .build(),
            recording(OFFSET_NS, journey(1_001_000)));

    assertThat(report.getFindingsList()).hasSize(2).contains(another);
    assertThat(report.getFindings(0).getCause()).isEqualTo(Finding.Cause.SOURCE_ADDRESS_IS_LOCAL);
  }

  @Test
  void a_recording_without_the_clocks_offset_joins_nothing_and_says_so() {
    CaptureReport report =
        CaptureRecordingJoin.join(
            captures(frame("veth0", 1, 1_000_000, ARP)), recording(0, journey(1_001_000)));
    assertThat(numbers(report, 0)).isEmpty();
    assertThat(report.getLimitsList()).hasSize(1);
    assertThat(report.getLimits(0)).startsWith("the recording is of an older vethtrace");
  }
}
