// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Runs compiled graphs on arrays, with bands of marked memory around every output that must still
/// be marked afterwards.
public final class GraphRunner {
  private static final int GUARD_BYTES = 64;
  private static final byte GUARD = (byte) 0xA5;

  /// Where ports are bound.
  public enum Memory {
    /// Java arrays.
    HEAP,
    /// Native segments, as mapped files and devices have them.
    NATIVE
  }

  private GraphRunner() {}

  /// Random inputs for `itemCount` items: `float[]` of kind `fill`, and `int[]` below `idBound`.
  public static Map<Value, Object> randomInputs(
      Graph graph, int itemCount, Fill fill, int idBound, Random random) {
    Map<Value, Object> inputs = new LinkedHashMap<>();
    for (Value input : graph.inputs()) {
      int length = Math.toIntExact(input.shape().elementCount() * itemCount);
      inputs.put(
          input,
          input.dtype() == DType.F32
              ? fill.floats(length, random)
              : random.ints(length, 0, idBound).toArray());
    }
    return inputs;
  }

  /// Runs `compiled` and returns each output's elements, I32 as floats.
  public static Map<Value, float[]> run(
      CompiledGraph compiled,
      Graph graph,
      int itemCount,
      Map<Value, Object> inputs,
      List<Bindings.Span> spans,
      Memory memory) {
    try (Arena arena = Arena.ofConfined()) {
      var bindings = new Bindings().itemCount(itemCount);
      inputs.forEach((port, array) -> bindings.bind(port, input(port, array, memory, arena)));
      Map<Value, MemorySegment> guarded = new LinkedHashMap<>();
      for (Value output : graph.outputs()) {
        long size = output.dtype().bytes(output.shape().elementCount() * itemCount);
        MemorySegment outer = allocate(size + 2 * GUARD_BYTES, memory, arena).fill(GUARD);
        guarded.put(output, outer);
        MemorySegment inner = outer.asSlice(GUARD_BYTES, size);
        bindings.bind(output, new TensorView(output.dtype(), flat(size / 4), inner));
      }
      spans.forEach(bindings::addSpan);
      compiled.execute(bindings);
      Map<Value, float[]> results = new LinkedHashMap<>();
      guarded.forEach((output, outer) -> results.put(output, unwrap(output, outer)));
      return results;
    }
  }

  private static TensorView input(Value port, Object array, Memory memory, Arena arena) {
    MemorySegment heap =
        array instanceof int[] ints
            ? MemorySegment.ofArray(ints)
            : MemorySegment.ofArray((float[]) array);
    MemorySegment data = allocate(heap.byteSize(), memory, arena).copyFrom(heap);
    return new TensorView(port.dtype(), flat(heap.byteSize() / 4), data);
  }

  private static Shape flat(long length) {
    return Shape.of(Math.toIntExact(length));
  }

  private static MemorySegment allocate(long size, Memory memory, Arena arena) {
    return memory == Memory.HEAP
        ? MemorySegment.ofArray(new float[Math.toIntExact(size / 4)])
        : arena.allocate(size, 4);
  }

  private static float[] unwrap(Value output, MemorySegment outer) {
    long size = outer.byteSize() - 2 * GUARD_BYTES;
    for (int i = 0; i < GUARD_BYTES; i++) {
      String where = "memory beside output '%s'".formatted(output.name());
      assertEquals(GUARD, outer.get(ValueLayout.JAVA_BYTE, i), where);
      assertEquals(GUARD, outer.get(ValueLayout.JAVA_BYTE, GUARD_BYTES + size + i), where);
    }
    var result = new float[Math.toIntExact(size / 4)];
    for (int i = 0; i < result.length; i++) {
      long at = GUARD_BYTES + 4L * i;
      result[i] =
          output.dtype() == DType.F32
              ? outer.get(TensorView.F32_LE, at)
              : outer.get(TensorView.I32_LE, at);
    }
    return result;
  }
}
