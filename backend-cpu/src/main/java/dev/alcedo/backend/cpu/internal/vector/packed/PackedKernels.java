// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import dev.alcedo.backend.cpu.internal.vector.width.OutOfLine;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// The kernels of a layout, each a compilation unit of its own. The JIT stops inlining at a number
/// of nodes that one of these kernels comes near to; if it inlined two of them in their caller, the
/// second would have its vectors as objects, and be a hundred times slower. A method handle that is
/// no constant is never inlined, and costs some nanoseconds for a microsecond of work.
///
/// One for all layers of a layout: Java generates a class for each handle that is called often, and
/// compiles it anew.
final class PackedKernels {
  private final MethodHandle dot;
  private final MethodHandle unpack;
  private final MethodHandle readScales;
  private final MethodHandle scale;
  private final MethodHandle readBlocks;

  PackedKernels(Layout layout, BlockReader reader) {
    this.dot =
        bind(
            Codes.class,
            layout.codes(),
            "dot",
            MemorySegment.class,
            long.class,
            long.class,
            int.class,
            SplitRow.class,
            int.class,
            short[].class);
    this.unpack =
        bind(
            Codes.class,
            layout.codes(),
            "unpack",
            MemorySegment.class,
            long.class,
            int.class,
            int.class,
            short[].class,
            int.class,
            int.class);
    this.readScales =
        bind(
            Scales.class,
            layout.scales(),
            "read",
            MemorySegment.class,
            long.class,
            int.class,
            int.class,
            float[].class,
            int.class,
            int.class);
    this.scale =
        bind(
            Scales.class,
            layout.scales(),
            "scale",
            MemorySegment.class,
            long.class,
            int.class,
            short[].class,
            int.class,
            int.class,
            QuantisedRows.class,
            int.class,
            float[].class,
            int.class);
    this.readBlocks =
        bind(
            BlockReader.class,
            reader,
            "read",
            byte[].class,
            int.class,
            int.class,
            Planes.class,
            Planes.class);
  }

  private static <T> MethodHandle bind(
      Class<T> type, T receiver, String name, Class<?>... parameters) {
    try {
      return MethodHandles.lookup()
          .findVirtual(type, name, MethodType.methodType(void.class, parameters))
          .bindTo(receiver);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// [Codes#dot].
  void dot(
      MemorySegment data, long at, long next, int blocks, SplitRow x, int block, short[] sums) {
    try {
      dot.invokeExact(data, at, next, blocks, x, block, sums);
    } catch (Throwable e) {
      throw OutOfLine.unchecked(e);
    }
  }

  /// [Scales#scale].
  void scale(
      MemorySegment data,
      long at,
      int blocks,
      short[] sums,
      int so,
      int step,
      QuantisedRows x,
      int block,
      float[] y,
      int yo) {
    try {
      scale.invokeExact(data, at, blocks, sums, so, step, x, block, y, yo);
    } catch (Throwable e) {
      throw OutOfLine.unchecked(e);
    }
  }

  /// [Codes#unpack].
  void unpack(
      MemorySegment data, long at, int blocks, int lane, short[] panel, int offset, int stride) {
    try {
      unpack.invokeExact(data, at, blocks, lane, panel, offset, stride);
    } catch (Throwable e) {
      throw OutOfLine.unchecked(e);
    }
  }

  /// [BlockReader#read]. Inlined, the reader of one layout would be compiled into the loop over
  /// rows, and all of that once more for a file's second layout.
  void readBlocks(byte[] file, int from, int blocks, Planes codes, Planes scales) {
    try {
      readBlocks.invokeExact(file, from, blocks, codes, scales);
    } catch (Throwable e) {
      throw OutOfLine.unchecked(e);
    }
  }

  /// [Scales#read].
  void readScales(
      MemorySegment data, long at, int blocks, int lane, float[] y, int offset, int stride) {
    try {
      readScales.invokeExact(data, at, blocks, lane, y, offset, stride);
    } catch (Throwable e) {
      throw OutOfLine.unchecked(e);
    }
  }
}
