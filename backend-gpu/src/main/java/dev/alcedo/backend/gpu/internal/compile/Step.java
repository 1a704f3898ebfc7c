// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import java.util.List;

/// One node's kernels, arguments set, ready to be queued for any number of items.
@FunctionalInterface
interface Step {
  /// Queues them.
  void enqueue(Run run);

  /// A kernel whose work-items each compute an element (or a few) and whose last argument is their
  /// count.
  ///
  /// @param perItem work-items for one item
  static Step linear(ClKernel kernel, int countArgument, int perItem) {
    var local = new long[] {Tuning.GROUP};
    var global = new long[1];
    return run -> {
      int count = run.itemCount() * perItem;
      kernel.number(countArgument, count);
      global[0] = roundUp(count, Tuning.GROUP);
      kernel.enqueue(global, local);
    };
  }

  /// A kernel with a group for each row.
  ///
  /// @param rowsPerItem rows of one item
  static Step rows(ClKernel kernel, int rowsPerItem) {
    var local = new long[] {Tuning.GROUP};
    var global = new long[1];
    return run -> {
      global[0] = (long) run.itemCount() * rowsPerItem * Tuning.GROUP;
      kernel.enqueue(global, local);
    };
  }

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
