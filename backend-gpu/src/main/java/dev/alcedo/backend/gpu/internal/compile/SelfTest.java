// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.backend.gpu.internal.opencl.ClProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Asks a program that was loaded for multiples of the number it was compiled with: an answer shows
/// that the driver runs it and that it is the right one.
final class SelfTest {
  private static final String KERNEL = "self_test";

  private SelfTest() {}

  /// The compiler's option that compiles `number` in.
  static String option(int number) {
    return "-DSELF_TEST=%su".formatted(Integer.toUnsignedString(number));
  }

  /// Whether `program` answers with multiples of `number`.
  ///
  /// @throws dev.alcedo.runtime.api.BackendException if it cannot even be run
  static boolean isPassed(ClDevice device, ClProgram program, int number) {
    long byteSize = (long) Integer.BYTES * Tuning.GROUP;
    try (ClKernel kernel = program.kernel(KERNEL);
        ClBuffer buffer = device.allocate(byteSize, "a self-test");
        Arena arena = Arena.ofConfined()) {
      MemorySegment answers = arena.allocate(byteSize, Integer.BYTES);
      kernel.buffer(0, buffer);
      kernel.enqueue(new long[] {Tuning.GROUP}, new long[] {Tuning.GROUP});
      buffer.read(0, answers);
      device.finish();
      for (int i = 0; i < Tuning.GROUP; i++) {
        if (answers.getAtIndex(ValueLayout.JAVA_INT, i) != (i + 1) * number) {
          return false;
        }
      }
      return true;
    }
  }
}
