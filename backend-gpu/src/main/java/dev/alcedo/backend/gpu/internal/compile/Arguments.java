// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;

/// Sets a kernel's arguments one after the other and makes a step of it.
final class Arguments {
  private final ClKernel kernel;
  private int next;

  /// From the first argument on.
  Arguments(ClKernel kernel) {
    this(kernel, 0);
  }

  private Arguments(ClKernel kernel, int next) {
    this.kernel = kernel;
    this.next = next;
  }

  /// Goes on from here, as often as wanted: arguments that differ from run to run come last.
  Arguments again() {
    return new Arguments(kernel, next);
  }

  Arguments buffer(ClBuffer buffer) {
    kernel.buffer(next++, buffer);
    return this;
  }

  Arguments number(int number) {
    kernel.number(next++, number);
    return this;
  }

  Arguments real(float number) {
    kernel.real(next++, number);
    return this;
  }

  /// The position of the next argument.
  int next() {
    return next;
  }

  ClKernel kernel() {
    return kernel;
  }

  /// A step whose work-items each compute an element (or a few); the kernel's last argument is
  /// their count.
  ///
  /// @param perItem work-items for one item
  Step linear(int perItem) {
    int countArgument = next;
    var local = new long[] {Tuning.GROUP};
    var global = new long[1];
    return run -> {
      int count = run.itemCount() * perItem;
      kernel.number(countArgument, count);
      global[0] = Step.roundUp(count, Tuning.GROUP);
      kernel.enqueue(global, local);
    };
  }

  /// A step with a group for each row.
  ///
  /// @param rowsPerItem rows of one item
  Step rows(int rowsPerItem) {
    var local = new long[] {Tuning.GROUP};
    var global = new long[1];
    return run -> {
      global[0] = (long) run.itemCount() * rowsPerItem * Tuning.GROUP;
      kernel.enqueue(global, local);
    };
  }

  /// A step with so many work-items in every run.
  Step fixed(long count) {
    var local = new long[] {Tuning.GROUP};
    var global = new long[] {Step.roundUp(count, Tuning.GROUP)};
    return _ -> kernel.enqueue(global, local);
  }
}
