// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.cache.ProgramFiles;
import dev.alcedo.backend.gpu.internal.cache.ProgramKey;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Chooses among steps that compute the same in different layouts by running each where it is first
/// needed, and keeps what came of it for later processes. A device's choices are made once, so that
/// equal runs stay equal. Any thread.
final class Tuner {
  private static final Logger LOG = LoggerFactory.getLogger(Tuner.class);
  private static final int RUNS = 4;

  private final ClDevice device;
  private final ProgramFiles files;
  private final ProgramKey key;
  private final Map<String, Integer> choices = new TreeMap<>();

  Tuner(ClDevice device, ProgramFiles files) {
    this.device = device;
    this.files = files;
    this.key = ProgramKey.of(device.facts().identity(), "tuning", "1");
    files.read(key).ifPresent(this::parse);
  }

  /// What was chosen for `shape`, if it is one of `candidates`.
  synchronized Optional<Integer> known(String shape, int[] candidates) {
    return Optional.ofNullable(choices.get(shape)).filter(choice -> isOneOf(choice, candidates));
  }

  /// Runs every candidate and gives the quickest. Each writes what the others write, and nothing
  /// that it reads, so that this may happen in the middle of a run.
  ///
  /// @param shape what the choice is for, a key without `=` and line breaks
  /// @param steps of each candidate
  synchronized int choose(String shape, int[] candidates, IntFunction<Step> steps, Run run) {
    int best = candidates[0];
    long bestNanos = Long.MAX_VALUE;
    for (int candidate : candidates) {
      Step step = steps.apply(candidate);
      step.enqueue(run); // compiles, where a driver puts that off
      device.finish();
      long start = System.nanoTime();
      for (int i = 0; i < RUNS; i++) {
        step.enqueue(run);
      }
      device.finish();
      long nanos = System.nanoTime() - start;
      LOG.debug("tuning {}: {} takes {} us", shape, candidate, nanos / RUNS / 1000);
      if (nanos < bestNanos) {
        best = candidate;
        bestNanos = nanos;
      }
    }
    choices.put(shape, best);
    files.write(key, text().getBytes(StandardCharsets.US_ASCII));
    return best;
  }

  private static boolean isOneOf(int choice, int[] candidates) {
    for (int candidate : candidates) {
      if (candidate == choice) {
        return true;
      }
    }
    return false;
  }

  private String text() {
    return choices.entrySet().stream()
        .map(choice -> "%s=%d\n".formatted(choice.getKey(), choice.getValue()))
        .collect(Collectors.joining());
  }

  /// The file is ours, by its checksum; what does not parse is of another version.
  private void parse(byte[] text) {
    new String(text, StandardCharsets.US_ASCII)
        .lines()
        .map(line -> line.split("="))
        .filter(parts -> parts.length == 2 && parts[1].matches("[0-9]{1,4}"))
        .forEach(parts -> choices.put(parts[0], Integer.parseInt(parts[1])));
  }
}
