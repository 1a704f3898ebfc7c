// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import dev.alcedo.runtime.api.ImageOptions.TileRule;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Tiling rules by the names they have on the command line: `relaxed`, `llava-next`, `internvl`.
public final class TileRuleNames implements ITypeConverter<TileRule>, Iterable<String> {
  /// Called by picocli.
  public TileRuleNames() {}

  /// The name of a rule.
  public static String of(TileRule rule) {
    return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public TileRule convert(String name) {
    return Arrays.stream(TileRule.values())
        .filter(rule -> of(rule).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "expected one of %s, got '%s'".formatted(String.join(", ", this), name)));
  }

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(TileRule.values()).map(TileRuleNames::of).iterator();
  }
}
