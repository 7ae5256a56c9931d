package io.vethtrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.cli.option.ColourMode;
import io.vethtrace.cli.option.EarlierOptionNames;
import io.vethtrace.cli.option.GlobalOptions;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The program {@code vethtrace}: its commands, and the messages and exit codes of their errors. */
@Command(
    name = "vethtrace",
    description = "Says where a packet vanished, why, and which command brings it back.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineVersion.class,
    scope = CommandLine.ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpWidth = 80,
    usageHelpAutoWidth = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodeHelp.NOTHING_WRONG,
      ExitCodeHelp.FAULT_FOUND,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
      ExitCodeHelp.EVENTS_LOST,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  vethtrace why -- ping -c 1 -I veth0 192.168.1.2",
      "  vethtrace watch --netns blue",
      "  vethtrace capture --pair veth0 -w out.pcapng",
      "  vethtrace record -w ping.vt -- ping -c 1 10.0.0.2",
      "  vethtrace drops --since 10m",
      "  vethtrace reasons neigh",
      "  vethtrace status",
      "  vethtrace doctor",
      "  vethtrace lab run blog-lo-down",
    })
public final class Vethtrace {
  /** EX_SOFTWARE of sysexits.h: a bug in this program. No code of {@link ExitCode} means that. */
  private static final int SOFTWARE_ERROR = 70;

  @Mixin private final GlobalOptions options = new GlobalOptions();

  private Vethtrace() {}

  public static void main(String[] args) {
    Interruption interruption = Interruption.bySignals();
    interruption.finish(run(args, Console.ofProcess(), interruption));
  }

  /** Runs one command line and returns the exit code. */
  public static int run(String[] args, Console console, Interruption interruption) {
    return commandLine(console, interruption).execute(args);
  }

  /** Returns the commands as picocli knows them, for manual pages. */
  public static CommandLine commandLine() {
    return commandLine(Console.ofProcess(), new Interruption());
  }

  static CommandLine commandLine(Console console, Interruption interruption) {
    Vethtrace root = new Vethtrace();
    CommandContext session = new CommandContext(root.options, console, interruption);
    CommandLine line = new CommandLine(root);
    line.addSubcommand(stopAtCommand(new CommandLine(new WhyCommand(session))));
    line.addSubcommand(new WatchCommand(session));
    line.addSubcommand(stopAtCommand(new CommandLine(new RecordCommand(session))));
    line.addSubcommand(new CaptureCommand(session));
    line.addSubcommand(new ExplainCommand(session));
    line.addSubcommand(new DropsCommand(session));
    line.addSubcommand(new ReasonsCommand(session));
    line.addSubcommand(new StatusCommand(session));
    line.addSubcommand(new DoctorCommand(session));
    line.addSubcommand(LabCommand.with(session));
    line.addSubcommand(DaemonCommand.with(session));
    line.addSubcommand(new CompletionCommand(session));
    acceptEarlierNames(line);
    configure(line, console);
    return line;
  }

  private static void acceptEarlierNames(CommandLine root) {
    EarlierOptionNames.accept(root, "why", "--duration", "--timeout");
    EarlierOptionNames.accept(root, "why", "--also-netns", "--netns");
    EarlierOptionNames.accept(root, "watch", "--count", "--first");
    EarlierOptionNames.accept(root, "watch", "--recording", "--input");
    EarlierOptionNames.accept(root, "explain", "--recording", "--events");
    EarlierOptionNames.accept(root, "drops", "--location", "--place");
    EarlierOptionNames.accept(root, "drops", "--harmless", "--all");
    EarlierOptionNames.accept(root, "capture", "--settle", "--hold");
  }

  /** Leaves all words after the name of the investigated command to that command. */
  private static CommandLine stopAtCommand(CommandLine line) {
    return line.setStopAtPositional(true);
  }

  private static void configure(CommandLine line, Console console) {
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false);
    line.setOut(new PrintWriter(console.out(), true, UTF_8));
    line.setErr(new PrintWriter(console.err(), true, UTF_8));
    line.setColorScheme(
        Help.defaultColorScheme(ColourMode.AUTO.isWanted(console.terminal()) ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler((e, args) -> complain(e, console));
    line.setExitCodeExceptionMapper(_ -> SOFTWARE_ERROR);
    line.setExecutionExceptionHandler((e, command, parsed) -> complain(e, console));
  }

  private static int complain(ParameterException e, Console console) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String sentence = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    console.complain("%s; see %s --help".formatted(sentence, command));
    return ExitCode.USAGE;
  }

  private static int complain(Exception e, Console console) throws Exception {
    if (e instanceof Failure failure) {
      console.complain(failure.sentence());
      return failure.exitCode();
    }
    throw e;
  }
}
