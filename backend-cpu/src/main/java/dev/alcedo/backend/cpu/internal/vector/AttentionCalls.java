// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector;

import dev.alcedo.backend.cpu.internal.vector.width.OutOfLine;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Parts of attention that the JIT must not inline in their callers, together with which they are
/// over its limit for vector operations and would have their vectors as objects. A method handle
/// that is no constant is never inlined, and costs some nanoseconds.
final class AttentionCalls {
  private final MethodHandle read;
  private final MethodHandle exponentials;

  AttentionCalls() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      this.read =
          lookup.findVirtual(
              VectorWeights.class,
              "read",
              MethodType.methodType(
                  void.class,
                  MemorySegment.class,
                  long.class,
                  int.class,
                  float[].class,
                  int.class));
      this.exponentials =
          lookup.findStatic(
              AttentionBlock.class,
              "exponentials",
              MethodType.methodType(float.class, float.class, float[].class, int.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// [VectorWeights#read].
  void read(
      VectorWeights reader, MemorySegment data, long offset, int count, float[] y, int yOffset) {
    try {
      read.invokeExact(reader, data, offset, count, y, yOffset);
    } catch (Throwable e) {
      throw OutOfLine.unchecked(e);
    }
  }

  /// [AttentionBlock#exponentials].
  float exponentials(float max, float[] scores, int so, int length) {
    try {
      return (float) exponentials.invokeExact(max, scores, so, length);
    } catch (Throwable e) {
      throw OutOfLine.unchecked(e);
    }
  }
}
