// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Every option of the shared argument classes has an environment variable for its default:
/// `--max-tokens` has `ALCEDO_MAX_TOKENS`.
public final class EnvironmentDefaults implements IDefaultValueProvider {
  private static final Set<Class<?>> SHARED =
      Set.of(
          ModelArguments.class,
          GenerationArguments.class,
          OutputArguments.class,
          ServerArguments.class,
          SlotArguments.class,
          ClusterArguments.class);

  private final Environment environment;

  /// Defaults from `environment`.
  public EnvironmentDefaults(Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option
            && option.userObject() instanceof Field field
            && SHARED.contains(field.getDeclaringClass())
        ? environment.variable(variable(option.longestName())).orElse(null)
        : null;
  }

  /// The variable of an option.
  ///
  /// @param option with its dashes, e.g. `--max-tokens`
  public static String variable(String option) {
    return "ALCEDO_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
