// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.neuron.CompiledNetwork;
import dev.alcedo.runtime.api.BackendException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The counts that something is compiled for, smallest first, and which of them the device turned
/// out not to run: a Dimensity 9400 was seen to compile F16 products of one row and to fail at each
/// run of them. Such a bucket is left out from then on, and the next larger one is used.
final class RowBuckets {
  private static final Logger LOG = LoggerFactory.getLogger(RowBuckets.class);

  private final List<Integer> buckets;
  private final Set<Integer> failing = new HashSet<>();

  RowBuckets(List<Integer> buckets) {
    this.buckets = buckets;
  }

  /// Has `run` called with the smallest bucket that holds `count` rows and works.
  ///
  /// @param run runs in a bucket
  /// @throws BackendException if no bucket works
  void run(int count, IntFunction<Outcome> run) {
    BackendException failure = null;
    for (int bucket : candidates(count)) {
      Outcome outcome = run.apply(bucket);
      if (outcome.isDone()) {
        return;
      }
      failure = outcome.network().failure();
      failing.add(bucket);
      LOG.info("no runs of {} rows from now on: {}", bucket, failure.getMessage());
    }
    throw failure != null
        ? failure
        : new BackendException("no bucket for %d rows works on this device".formatted(count));
  }

  private List<Integer> candidates(int count) {
    var candidates = new ArrayList<Integer>();
    for (int bucket : buckets) {
      if (bucket >= count && !failing.contains(bucket)) {
        candidates.add(bucket);
      }
    }
    return candidates;
  }

  /// What came of a run.
  ///
  /// @param isDone false if the device failed at an operation
  record Outcome(CompiledNetwork network, boolean isDone) {}
}
