// SPDX-License-Identifier: Apache-2.0
import io.vethtrace.cli.Vethtrace;
import io.vethtrace.daemon.app.Vethtraced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes a manual page for each command from the texts of --help: man1 for vethtrace, man8 for
 * vethtraced. The pages carry no date, so that the same sources give the same bytes.
 *
 * <pre>java -cp 'lib/*' ManPages.java VERSION FOLDER</pre>
 */
final class ManPages {
  private static final int COMMANDS = 1;
  private static final int DAEMONS = 8;

  private final String version;
  private final Path folder;

  private ManPages(String version, Path folder) {
    this.version = version;
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    ManPages pages = new ManPages(args[0], Path.of(args[1]));
    pages.write(Vethtrace.commandLine(), COMMANDS);
    pages.write(Vethtraced.commandLine(), DAEMONS);
  }

  private void write(CommandLine line, int section) throws IOException {
    String name = name(line.getCommandSpec());
    Path file = folder.resolve("man" + section).resolve(name + "." + section);
    Files.createDirectories(file.getParent());
    Files.writeString(file, page(line, name, section));
    for (CommandLine command : commands(line)) {
      write(command, section);
    }
  }

  private static List<CommandLine> commands(CommandLine line) {
    return line.getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .distinct()
        .toList();
  }

  /** Returns the command with its parents: vethtrace-lab-run. */
  private static String name(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  private String page(CommandLine line, String name, int section) {
    CommandSpec spec = line.getCommandSpec();
    List<String> about = paragraphs(spec);
    Roff roff = new Roff();
    roff.request(
        "TH", name.toUpperCase(Locale.ROOT), "" + section, "", "vethtrace " + version, "vethtrace");
    roff.section("NAME")
        .line(Roff.text(name) + " \\- " + Roff.text(about.isEmpty() ? name : about.getFirst()));
    roff.section("SYNOPSIS").line(synopsis(line));
    roff.section("DESCRIPTION");
    about.forEach(roff::paragraph);
    entries(
        roff,
        "ARGUMENTS",
        spec.positionalParameters().stream().filter(param -> !param.hidden()).map(ManPages::entry));
    entries(
        roff,
        "OPTIONS",
        spec.options().stream().filter(option -> !option.hidden()).map(ManPages::entry));
    entries(roff, "COMMANDS", commands(line).stream().map(ManPages::entry));
    entries(
        roff,
        "EXIT STATUS",
        spec.usageMessage().exitCodeList().entrySet().stream()
            .map(e -> new Entry(e.getKey(), e.getValue())));
    examples(roff, spec);
    seeAlso(roff, line, section);
    return roff.toString();
  }

  private static List<String> paragraphs(CommandSpec spec) {
    return Arrays.stream(spec.usageMessage().description())
        .filter(text -> !text.isBlank())
        .toList();
  }

  private static String synopsis(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    Stream<String> words =
        Stream.of(
                Stream.of("\\fB" + Roff.text(spec.qualifiedName()) + "\\fR"),
                Stream.of("[\\fIOPTION\\fR...]"),
                commands(line).isEmpty() ? Stream.<String>of() : Stream.of("\\fICOMMAND\\fR"),
                spec.positionalParameters().stream().map(ManPages::synopsis))
            .flatMap(word -> word);
    return words.collect(Collectors.joining(" "));
  }

  private static String synopsis(PositionalParamSpec param) {
    String name =
        "\\fI" + Roff.text(param.paramLabel()) + "\\fR" + (param.arity().max() > 1 ? "..." : "");
    return param.arity().min() == 0 ? "[" + name + "]" : name;
  }

  /** A bold term and its meaning. {@code term} may contain roff markup. */
  private record Entry(String term, String meaning) {}

  private static Entry entry(OptionSpec option) {
    String value =
        option.typeInfo().isBoolean() ? "" : " \\fI" + Roff.text(option.paramLabel()) + "\\fR\\fB";
    return new Entry(
        Arrays.stream(option.names()).map(Roff::text).collect(Collectors.joining(", ")) + value,
        meaning(option));
  }

  private static Entry entry(PositionalParamSpec param) {
    return new Entry("\\fI" + Roff.text(param.paramLabel()) + "\\fB", meaning(param));
  }

  private static Entry entry(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    return new Entry(
        Roff.text(name(spec)) + "(1)",
        String.join(" ", paragraphs(spec).stream().limit(1).toList()));
  }

  private static String meaning(ArgSpec argument) {
    String text = String.join(" ", argument.description());
    return text.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
  }

  private static void entries(Roff roff, String heading, Stream<Entry> entries) {
    List<Entry> all = entries.toList();
    if (!all.isEmpty()) {
      roff.section(heading);
      all.forEach(
          entry -> roff.request("TP").line("\\fB" + entry.term() + "\\fR").words(entry.meaning()));
    }
  }

  private static void examples(Roff roff, CommandSpec spec) {
    List<String> lines =
        Arrays.stream(spec.usageMessage().footer())
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    if (!lines.isEmpty()) {
      roff.section("EXAMPLES").request("nf");
      lines.forEach(roff::words);
      roff.request("fi");
    }
  }

  private static void seeAlso(Roff roff, CommandLine line, int section) {
    List<String> pages =
        new ArrayList<>(section == DAEMONS ? List.of("vethtrace(1)") : List.of("vethtraced(8)"));
    CommandSpec parent = line.getCommandSpec().parent();
    if (parent != null) {
      pages.addFirst(name(parent) + "(1)");
    }
    roff.section("SEE ALSO").words(String.join(", ", pages));
  }

  /** A text in the man macros of groff, man(7). */
  private static final class Roff {
    private final StringBuilder text = new StringBuilder();

    /**
     * Escapes plain text: a minus stays a minus that can be copied, and a leading dot starts no
     * request.
     */
    static String text(String words) {
      String plain = words.replace("\\", "\\e").replace("-", "\\-");
      return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }

    Roff request(String name, String... arguments) {
      String quoted =
          Arrays.stream(arguments)
              .map(argument -> " \"" + text(argument) + "\"")
              .collect(Collectors.joining());
      return line("." + name + quoted);
    }

    Roff section(String heading) {
      return request("SH", heading);
    }

    Roff paragraph(String words) {
      return request("PP").words(words);
    }

    Roff words(String words) {
      return line(text(words));
    }

    Roff line(String line) {
      text.append(line).append('\n');
      return this;
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
