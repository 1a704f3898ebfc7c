// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// The only source of randomness in tests. Runs repeat themselves unless another seed is asked for:
/// `-Dalcedo.seed=N` or environment variable `ALCEDO_SEED`, where `N` is a number or `random`.
///
/// As a JUnit extension (`@ExtendWith(Seeds.class)`) it adds the command that repeats a failed test
/// to the failure.
public final class Seeds implements TestExecutionExceptionHandler {
  private static final long SEED_DEFAULT = 20_261_122L;
  private static final long SEED =
      parse(System.getProperty("alcedo.seed", System.getenv("ALCEDO_SEED")));

  /// For JUnit.
  public Seeds() {}

  /// The seed of this run.
  public static long seed() {
    return SEED;
  }

  /// A generator for `purpose`: the same run seed and purpose give the same numbers, whatever other
  /// tests draw.
  public static Random random(String purpose) {
    return new Random(SEED * 0x9E3779B97F4A7C15L + purpose.hashCode());
  }

  /// What to add to a failure message.
  public static String hint() {
    return "repeat with -Dalcedo.seed=" + SEED;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(
        new Repeat(context.getRequiredTestClass(), context.getRequiredTestMethod().getName()));
    throw failure;
  }

  private static long parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return SEED_DEFAULT;
    }
    return text.strip().equals("random")
        ? System.nanoTime() & 0x7FFF_FFFF
        : Long.parseLong(text.strip());
  }

  private static final class Repeat extends Throwable {
    private static final long serialVersionUID = 1L;

    Repeat(Class<?> test, String method) {
      super(
          "repeat with: mvn test -Dtest=%s#%s -Dsurefire.failIfNoSpecifiedTests=false -Dalcedo.seed=%d"
              .formatted(test.getSimpleName(), method, SEED),
          null,
          false,
          false);
    }
  }
}
