package io.vethtrace.cli.option;

import io.vethtrace.v1.DropDimension;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A field of {@code drops --by}: drops are summed up if they are alike in it. */
public enum DropGrouping {
  REASON(DropDimension.DROP_DIMENSION_REASON),
  INTERFACE(DropDimension.DROP_DIMENSION_INTERFACE),
  NETNS(DropDimension.DROP_DIMENSION_NETNS),
  LOCATION(DropDimension.DROP_DIMENSION_PLACE);

  private final DropDimension dimension;

  DropGrouping(DropDimension dimension) {
    this.dimension = dimension;
  }

  /** Returns the same in the API. */
  public DropDimension dimension() {
    return dimension;
  }

  /** Reads a field by its name, or by {@code place}, the earlier name of the location. */
  public static final class Converter implements ITypeConverter<DropGrouping> {
    private static final String EARLIER_LOCATION = "PLACE";

    @Override
    public DropGrouping convert(String text) {
      String name = text.toUpperCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(field -> field.name().equals(name.equals(EARLIER_LOCATION) ? "LOCATION" : name))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "'%s' is not a field; the fields are reason, interface, netns, location"
                      .formatted(text)));
    }
  }
}
