package io.vethtrace.cli.print;

import io.vethtrace.v1.Candidate;
import io.vethtrace.v1.Evidence;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Fix;
import io.vethtrace.v1.Journey;
import java.util.List;
import java.util.Locale;

/** Text of one finding. Its first line says what is wrong, and its last lines are commands. */
final class FindingText {
  private final TextLayout page;

  FindingText(TextLayout page) {
    this.page = page;
  }

  void print(Finding finding) {
    page.headline(page.style().bad("✗"), finding.getTitle());
    page.labelled("cause", cause(finding));
    path(finding);
    if (!finding.getExplanation().isEmpty()) {
      page.labelled("why", finding.getExplanation());
    }
    page.listed("proof", finding.getEvidenceList().stream().map(Evidence::getText).toList());
    page.listed("then", finding.getConsequencesList());
    page.listed("maybe", finding.getCandidatesList().stream().map(FindingText::candidate).toList());
    if (finding.getFramesCount() > 0) {
      page.labelled("frames", CaptureText.numbers(finding));
    }
    fixes(finding.getFixesList());
    if (!finding.getSettledBy().isEmpty()) {
      boolean isOpen =
          finding.getCandidatesCount() > 0 || finding.getCause() == Finding.Cause.UNKNOWN;
      page.labelled(
          isOpen ? "settle" : "fix",
          (isOpen ? "which of them it is" : "this says how") + ", as root on the host that asks:");
      page.command(finding.getSettledBy());
    }
  }

  private static String candidate(Candidate candidate) {
    return "%s (%s): %s"
        .formatted(
            candidate.getCause().name(), candidate.getConfidence().name(), candidate.getWhen());
  }

  private static String cause(Finding finding) {
    StringBuilder words = new StringBuilder(finding.getCause().name());
    words.append(", ").append(confidence(finding));
    append(words, ", interface ", finding.getInterface());
    append(words, ", netns ", finding.getNetns());
    append(words, ", by ", finding.getHook());
    if (isSeen(finding.getDropReason(), finding.getJourney())) {
      append(words, ", drop reason ", finding.getDropReason());
    }
    if (finding.getPackets() > 1) {
      words.append(", ").append(finding.getPackets()).append(" packets");
    }
    append(words, ", id ", finding.getId());
    return words.toString();
  }

  /** Returns true if an event had the drop reason. Otherwise the kernel would only name it so. */
  private static boolean isSeen(String dropReason, Journey journey) {
    return journey.getHopsList().stream().anyMatch(hop -> hop.getDropReason().equals(dropReason));
  }

  private static String confidence(Finding finding) {
    return finding.getConfidence() == Finding.Confidence.INFERRED
        ? "INFERRED from the proof below and not seen"
        : finding.getConfidence().name().toLowerCase(Locale.ROOT);
  }

  private static void append(StringBuilder words, String name, String value) {
    if (!value.isEmpty()) {
      words.append(name).append(value);
    }
  }

  private void path(Finding finding) {
    if (finding.hasJourney()) {
      page.labelled("path", finding.getJourney().getPacket());
      new JourneyText(page).hops(finding.getJourney());
    }
  }

  private void fixes(List<Fix> fixes) {
    String label = "fix";
    for (Fix fix : fixes) {
      page.labelled(label, fix.getNote().isEmpty() ? "as root:" : fix.getNote());
      fix.getCommandsList().forEach(page::command);
      label = "or";
    }
  }
}
