package io.vethtrace.cli.option;

import io.vethtrace.v1.Finding;
import io.vethtrace.v1.WatchFilter;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a filter such as {@code port=53,protocol=udp}. All fields have to match; of a field that is
 * repeated, one value has to.
 */
public final class WatchFilterConverter implements ITypeConverter<WatchFilter> {
  public static final String FIELDS =
      "netns, interface, address, port, protocol, hook, cause, reason, verdict";

  /** The name of the field {@code reason} before drops and watch named it alike. */
  private static final String EARLIER_REASON = "drop-reason";

  @Override
  public WatchFilter convert(String text) {
    WatchFilter.Builder filter = WatchFilter.newBuilder();
    for (String field : text.split(",", -1)) {
      int equals = field.indexOf('=');
      if (equals < 0 || equals == field.length() - 1) {
        throw new TypeConversionException(
            "'%s' is not FIELD=VALUE; the fields are %s".formatted(field, FIELDS));
      }
      put(filter, field.substring(0, equals), field.substring(equals + 1));
    }
    return filter.build();
  }

  private static void put(WatchFilter.Builder filter, String field, String value) {
    switch (field) {
      case "netns" -> filter.addNetns(value);
      case "interface" -> filter.addInterfaces(value);
      case "address" -> filter.addAddresses(value);
      case "port" -> filter.addPorts(port(value));
      case "protocol" -> filter.addProtocols(value);
      case "hook" -> filter.addHooks(value);
      case "cause" -> filter.addCauses(constant(Finding.Cause.class, "cause", value));
      case "reason", EARLIER_REASON -> filter.addDropReasons(value);
      case "verdict" -> filter.addVerdicts(constant(Finding.Verdict.class, "verdict", value));
      default ->
          throw new TypeConversionException(
              "'%s' is not a field; the fields are %s".formatted(field, FIELDS));
    }
  }

  private static int port(String value) {
    if (!value.matches("\\d{1,5}")) {
      throw new TypeConversionException("'%s' is not a port; write a number".formatted(value));
    }
    return Integer.parseInt(value);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String field, String value) {
    String name = value.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(name))
        .filter(constant -> !name.endsWith("UNSPECIFIED") && !name.equals("UNRECOGNIZED"))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "'%s' is not a %s; docs/causes.md lists them".formatted(value, field)));
  }
}
