package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.ReasonsText;
import io.vethtrace.cli.print.TerminalWidth;
import io.vethtrace.v1.DropReason;
import io.vethtrace.v1.ListDropReasonsResponse;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vethtrace reasons}: lists the drop reasons of the running kernel and explains them. */
@Command(
    name = "reasons",
    description = {
      "Lists the drop reasons of the running kernel, with their numbers and meanings.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.SHOWN,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
    },
    footer = {
      "  vethtrace reasons",
      "  vethtrace reasons neigh",
      "  vethtrace -o json reasons | jq -r 'select(.number == 16) | .name'"
    })
final class ReasonsCommand implements Callable<Integer> {
  private final CommandContext session;

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description =
          "Only reasons whose name contains one of these words, or whose number is one of them.")
  private List<String> words = List.of();

  ReasonsCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (DaemonConnection connection = session.connect()) {
      ListDropReasonsResponse all = connection.dropReasons();
      List<DropReason> reasons = all.getReasonsList().stream().filter(this::isWanted).toList();
      if (reasons.isEmpty() && all.getReasonsCount() > 0) {
        throw Failure.usage(
            "Linux %s has no drop reason named like %s; leave out the words to see all"
                .formatted(all.getKernel(), String.join(" or ", words)));
      }
      print(all, reasons);
      return ExitCode.NOTHING_WRONG;
    }
  }

  private boolean isWanted(DropReason reason) {
    String name = reason.getSubsystem() + ":" + reason.getName();
    return words.isEmpty()
        || words.stream()
            .anyMatch(word ->
                name.contains(word.toUpperCase(Locale.ROOT))
                    || word.equals(Integer.toUnsignedString(reason.getNumber())));
  }

  private void print(ListDropReasonsResponse all, List<DropReason> reasons) {
    Console console = session.console();
    if (session.options().json()) {
      reasons.forEach(reason -> console.out().println(MessageJson.of(reason)));
    } else {
      console.out().print(ReasonsText.of(reasons, console.style(), TerminalWidth.ofStdout()));
    }
    // It matters only if nothing was listed; a subsystem is often not loaded.
    if (all.getReasonsCount() == 0) {
      console.complain(all.getLimit());
    }
  }
}
