package io.vethtrace.daemon.diagnose.capture;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.UnansweredRequests;
import io.vethtrace.daemon.trace.UnansweredRequests.Crossing;
import io.vethtrace.daemon.trace.UnansweredRequests.Fate;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Diagnoses requests that captures show without an answer. */
public final class CaptureDiagnosis {
  private final UnansweredRequests unanswered;
  private final String requester;
  private final String target;
  private final Optional<Noted> noted;

  private CaptureDiagnosis(UnansweredRequests unanswered) {
    this.unanswered = unanswered;
    requester = InetAddresses.toAddrString(unanswered.key().requester());
    target = InetAddresses.toAddrString(unanswered.key().target());
    noted = unanswered.notes().stream().flatMap(note -> Noted.of(note).stream()).findFirst();
  }

  /** The finding, which holds whatever the kernels were that handled the frames. */
  public static CaptureFinding of(UnansweredRequests unanswered) {
    CaptureDiagnosis verdict = new CaptureDiagnosis(unanswered);
    return new CaptureFinding(
        verdict.cause(),
        unanswered.fate() instanceof Fate.Lost ? Verdict.DROPPED : Verdict.UNANSWERED,
        verdict.title(),
        verdict.explanation(),
        verdict.noted.isEmpty() ? unanswered.leftAt() : "",
        verdict.evidence(),
        verdict.noted.isEmpty() ? CandidateCauses.of(unanswered) : List.of(),
        ConfirmingCommand.of(unanswered),
        unanswered.unanswered());
  }

  /** A finding that was noted in the captures while they were made. */
  private record Noted(Cause cause, String title) {
    static Optional<Noted> of(UnansweredRequests.Note note) {
      return Arrays.stream(Cause.values())
          .filter(cause -> cause != Cause.UNKNOWN && cause.name().equals(note.cause()))
          .map(cause -> new Noted(cause, note.title()))
          .findFirst();
    }
  }

  private Cause cause() {
    return noted.map(Noted::cause).orElseGet(this::causeOfError);
  }

  private Cause causeOfError() {
    return unanswered.fate() instanceof Fate.Refused refused
        ? IcmpErrorCause.of(refused).orElse(Cause.UNKNOWN)
        : Cause.UNKNOWN;
  }

  private String title() {
    return whatIsMissing() + noted.map(found -> ": " + found.title()).orElse("");
  }

  private String whatIsMissing() {
    return switch (unanswered.fate()) {
      case Fate.Nothing _ -> requests() + ", no answer";
      case Fate.Refused refused ->
          "%s, answered by an ICMP error of %s".formatted(requests(), refused.from());
      case Fate.Lost lost ->
          "%s: the answer was on %s and not on %s"
              .formatted(requests(), lost.seenAt(), lost.missingAt());
    };
  }

  private String requests() {
    int all = unanswered.requests();
    String count =
        unanswered.unanswered() == all
            ? "" + all
            : "%d of %d".formatted(unanswered.unanswered(), all);
    return "%s %s".formatted(count, all == 1 ? noun() : plural(noun()));
  }

  private static String plural(String noun) {
    int end = noun.indexOf(' ', noun.indexOf("request"));
    return noun.startsWith("connection") || noun.startsWith("ARP") || noun.startsWith("echo")
        ? noun.substring(0, end) + "s" + noun.substring(end)
        : noun.replaceFirst("solicitation", "solicitations");
  }

  private String noun() {
    return switch (unanswered.key()) {
      case ConversationKey.Neighbour(var _, Inet6Address _) ->
          "neighbour solicitation from %s for %s".formatted(requester, target);
      case ConversationKey.Neighbour _ -> "ARP request from %s for %s".formatted(requester, target);
      case ConversationKey.Flow flow ->
          "connection request from %s to %s, port %d"
              .formatted(requester, target, flow.targetPort());
      case ConversationKey.Echo _, ConversationKey.Alone _ ->
          "echo request from %s to %s".formatted(requester, target);
    };
  }

  private String explanation() {
    return noted.isEmpty()
        ? whatIsSeen()
        : "vethtrace, which made the capture, watched the kernel too: what it found is in the"
            + " comments of these frames.";
  }

  private String whatIsSeen() {
    return switch (unanswered.fate()) {
      case Fate.Nothing _ -> whereTheyWent();
      case Fate.Refused refused ->
          "%s says that it did not get there: %s.".formatted(refused.from(), refused.message());
      case Fate.Lost lost ->
          "The answer was captured on %s. %s captured before and after it, and did not see it: it"
                  .formatted(lost.seenAt(), lost.missingAt())
              + " was lost between the two, or went another way.";
    };
  }

  private String whereTheyWent() {
    if (unanswered.crossed()) {
      return ("They left by %s and arrived: the link carries them. A capture sees a frame before"
              + " the receiver's filters and checks do: it is refused there, has no answer, or"
              + " the answer cannot leave.")
          .formatted(unanswered.leftAt());
    }
    if (unanswered.crossings().isEmpty()) {
      return "Only %s was captured: a capture of the other end shows whether they get there."
          .formatted(unanswered.leftAt());
    }
    return "They left by %s and did not arrive on %s: they were lost between, or go another way."
        .formatted(
            unanswered.leftAt(),
            unanswered.crossings().stream()
                .map(Crossing::ifname)
                .collect(Collectors.joining(", ")));
  }

  private List<Evidence> evidence() {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(
        new Evidence(
            Evidence.Kind.PACKETS,
            "%s: %d sent, %d without an answer"
                .formatted(unanswered.request(), unanswered.requests(), unanswered.unanswered())));
    for (UnansweredRequests.Note note : unanswered.notes()) {
      evidence.add(
          new Evidence(
              Evidence.Kind.PACKETS,
              "noted on %d of them: %s (%s, %s)"
                  .formatted(note.packets(), note.title(), note.cause(), note.confidence())));
    }
    for (Crossing crossing : unanswered.crossings()) {
      evidence.add(new Evidence(Evidence.Kind.PACKETS, words(crossing)));
    }
    if (unanswered.heardByTarget() && !(unanswered.key() instanceof ConversationKey.Neighbour)) {
      evidence.add(
          new Evidence(
              Evidence.Kind.PACKETS,
              "%s was told the hardware address of %s: its packets are let in there"
                  .formatted(requester, target)));
    }
    if (unanswered.fate() instanceof Fate.Lost lost) {
      evidence.add(
          new Evidence(
              Evidence.Kind.PACKETS, "%s: seen on %s".formatted(lost.reply(), lost.seenAt())));
    }
    if (unanswered.endsCapture()) {
      evidence.add(
          new Evidence(
              Evidence.Kind.LIMIT,
              "the capture ends within a second of the last one: what came later is not in it"));
    }
    return evidence;
  }

  private String words(Crossing crossing) {
    if (crossing.seen() == 0) {
      return "%s saw none of them".formatted(crossing.ifname());
    }
    return String.format(
        Locale.ROOT,
        "%s saw %d of them, %s µs after %s",
        crossing.ifname(),
        crossing.seen(),
        range(crossing.minLaterNs(), crossing.maxLaterNs()),
        unanswered.leftAt());
  }

  private static String range(long minNs, long maxNs) {
    String min = micros(minNs);
    return minNs == maxNs ? min : min + " to " + micros(maxNs);
  }

  private static String micros(long ns) {
    return ns % 1000 == 0 ? "" + ns / 1000 : String.format(Locale.ROOT, "%.1f", ns / 1000.0);
  }
}
