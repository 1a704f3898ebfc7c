// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/// A step of which there are several layouts; the first run of a shape finds out which is best.
final class TunedStep implements Step {
  private final Tuner tuner;
  private final String shape;
  private final int[] candidates;
  private final IntFunction<Step> maker;
  private final Map<Integer, Step> made = new HashMap<>();
  private int choice;

  /// @param shape what a choice is for
  /// @param candidates the likely best first, above 0
  /// @param maker makes the step of a candidate, once
  TunedStep(Tuner tuner, String shape, int[] candidates, IntFunction<Step> maker) {
    this.tuner = tuner;
    this.shape = shape;
    this.candidates = candidates;
    this.maker = maker;
    this.choice = candidates.length == 1 ? candidates[0] : tuner.known(shape, candidates).orElse(0);
    step(choice == 0 ? candidates[0] : choice); // an error belongs where a model is opened
  }

  @Override
  public void enqueue(Run run) {
    if (choice == 0) {
      choice =
          tuner
              .known(shape, candidates) // to another step of the same shape
              .orElseGet(() -> tuner.choose(shape, candidates, this::step, run));
    }
    step(choice).enqueue(run);
  }

  private Step step(int candidate) {
    return made.computeIfAbsent(candidate, maker::apply);
  }
}
