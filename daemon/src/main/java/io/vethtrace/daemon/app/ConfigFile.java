package io.vethtrace.daemon.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The daemon's one file of settings: lines {@code name = value}, where a name is that of a long
 * option. Every option can stand there but those that make the daemon do something else.
 */
final class ConfigFile {
  static final Path DEFAULT = Path.of("/etc/vethtrace/vethtraced.conf");

  private static final String CONFIG = "--config";
  private static final Set<String> NO_SETTINGS =
      Set.of(CONFIG, "--private", "--examine", "--explain", "--frames", "--help", "--version");

  /** The options of a daemon that is started for one command: it reads no configuration file. */
  private static final Set<String> NO_SERVICE = Set.of("--private", "--examine", "--explain");

  private final CommandLine line;
  private final Path file;
  private final Map<String, OptionSpec> known;

  private record Setting(int number, String name, String value) {}

  private ConfigFile(CommandLine line, Path file) {
    this.line = line;
    this.file = file;
    known = known(line);
  }

  /**
   * The arguments, with the file's settings before them but for those that the arguments have too.
   *
   * @throws UsageException one sentence that names the file and the line
   */
  static List<String> before(String[] args, CommandLine line) {
    List<String> all = new ArrayList<>();
    try {
      ParseResult given = line.parseArgs(args);
      file(given).ifPresent(file -> all.addAll(new ConfigFile(line, file).options(given)));
    } catch (ParameterException e) {
      // The command line itself is wrong, which is said when it is executed.
    }
    all.addAll(Arrays.asList(args));
    return all;
  }

  private static Optional<Path> file(ParseResult given) {
    if (given.hasMatchedOption(CONFIG)) {
      return Optional.of(given.matchedOptionValue(CONFIG, DEFAULT));
    }
    boolean isService = NO_SERVICE.stream().noneMatch(given::hasMatchedOption);
    return Optional.of(DEFAULT).filter(file -> isService && Files.exists(file));
  }

  private static Map<String, OptionSpec> known(CommandLine line) {
    Map<String, OptionSpec> known = new TreeMap<>();
    for (OptionSpec option : line.getCommandSpec().options()) {
      if (!NO_SETTINGS.contains(option.longestName())) {
        known.put(option.longestName().replaceFirst("^-+", ""), option);
      }
    }
    return known;
  }

  private List<String> options(ParseResult given) {
    Set<OptionSpec> seen = new HashSet<>();
    List<String> options = new ArrayList<>();
    for (Setting setting : settings()) {
      OptionSpec option = option(setting);
      if (!seen.add(option) && !option.isMultiValue()) {
        throw wrong(
            setting.number(),
            "'%s' is set a second time; leave one of the lines".formatted(setting.name()));
      }
      String argument = argument(option, setting);
      if (!given.hasMatchedOption(option)) {
        options.add(argument);
      }
    }
    return options;
  }

  private List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i).strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        settings.add(setting(i + 1, text));
      }
    }
    return settings;
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UsageException(
          "cannot read the settings in %s (%s); name a file that can be read with --config"
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  private Setting setting(int number, String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw wrong(number, "'%s' is no setting; write name = value".formatted(text));
    }
    return new Setting(
        number, text.substring(0, equals).strip(), text.substring(equals + 1).strip());
  }

  private OptionSpec option(Setting setting) {
    return Optional.ofNullable(known.get(setting.name()))
        .orElseThrow(() ->
            wrong(
                setting.number(),
                "'%s' is not known; settings are %s"
                    .formatted(setting.name(), String.join(", ", known.keySet()))));
  }

  /** Parsed by itself once, so that the line can be named where it is wrong. */
  private String argument(OptionSpec option, Setting setting) {
    String argument = option.longestName() + "=" + setting.value();
    try {
      line.parseArgs(argument);
      return argument;
    } catch (ParameterException e) {
      throw wrong(setting.number(), String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private UsageException wrong(int number, String what) {
    return new UsageException("%s:%d: %s".formatted(file, number, what));
  }
}
