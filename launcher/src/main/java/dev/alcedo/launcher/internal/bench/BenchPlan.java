// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is to be measured.
///
/// @param model which model and how it is loaded; its context length is raised to what the cases
///   need if it is 0
/// @param cases text tests in order
/// @param picture size of the picture of the encode test, if there is one
/// @param threads CPU threads to measure with, one after the other; 0 lets the backend choose
/// @param repetitions measured runs of each test
/// @param warmUp how long each test runs unmeasured before, once at least if at all
public record BenchPlan(
    ModelOptions model,
    List<BenchCase> cases,
    Optional<PictureSize> picture,
    List<Integer> threads,
    int repetitions,
    Duration warmUp) {
  /// Positions at most, of any kind.
  private static final int COUNT_MAX = 1 << 20;

  /// Width and height in pixels.
  public record PictureSize(int width, int height) {}

  /// Checks ranges and that cases fit the context; copies the lists.
  ///
  /// @throws InvalidRequestException naming what is out of range
  public BenchPlan {
    cases = List.copyOf(cases);
    threads = List.copyOf(threads);
    if (cases.isEmpty() && picture.isEmpty()) {
      throw new InvalidRequestException(
          "nothing to measure: expected -p or -n above 0, or --mmproj");
    }
    int needed = positions(cases);
    if (model.contextLength() == 0) {
      // A picture's image tokens must fit, although nothing is asked about it.
      int least = picture.isPresent() ? ModelOptions.CONTEXT_LENGTH_DEFAULT_MAX : 2;
      model = model.withContextLength(Math.max(needed, least));
    } else if (model.contextLength() < needed) {
      throw new InvalidRequestException(
          "--context: expected at least the %d positions of the longest test, got %d; raise it or lower -p, -n or -d"
              .formatted(needed, model.contextLength()));
    }
  }

  /// Positions that the longest test takes.
  public int positions() {
    return positions(cases);
  }

  private static int positions(List<BenchCase> cases) {
    return cases.stream().mapToInt(BenchCase::contextLength).max().orElse(0);
  }

  /// Every prompt and decode length at every depth; lengths of 0 are left out.
  ///
  /// @throws InvalidRequestException naming the option whose number is out of range
  public static List<BenchCase> cases(
      List<Integer> prompts, List<Integer> decodes, List<Integer> depths) {
    prompts.forEach(n -> within("-p", n));
    decodes.forEach(n -> within("-n", n));
    depths.forEach(n -> within("-d", n));
    var cases = new ArrayList<BenchCase>();
    for (int depth : depths) {
      prompts.stream().filter(n -> n > 0).forEach(n -> cases.add(new BenchCase(n, 0, depth)));
      decodes.stream().filter(n -> n > 0).forEach(n -> cases.add(new BenchCase(0, n, depth)));
    }
    return cases;
  }

  private static void within(String option, int value) {
    if (value < 0 || value > COUNT_MAX) {
      throw new InvalidRequestException(
          "%s: expected 0 to %d, got %d".formatted(option, COUNT_MAX, value));
    }
  }
}
