// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import java.util.List;

/// One node's kernels, arguments set, ready to be queued for any number of items.
@FunctionalInterface
interface Step {
  /// Queues them.
  void enqueue(Run run);

  /// One step after the other.
  static Step both(Step first, Step second) {
    return run -> {
      first.enqueue(run);
      second.enqueue(run);
    };
  }

  /// Steps in their order.
  static Step all(List<Step> steps) {
    return run -> steps.forEach(step -> step.enqueue(run));
  }

  /// The next multiple of `unit`.
  static long roundUp(long count, int unit) {
    return Math.ceilDiv(count, unit) * unit;
  }
}
