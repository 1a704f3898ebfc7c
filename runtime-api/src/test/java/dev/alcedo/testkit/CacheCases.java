// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Causal attention: shapes, and scenarios of which items go to which sequence at which position.
final class CacheCases {
  static final int CAPACITY = 150;
  static final int LAYER = 1;

  private CacheCases() {}

  /// One attention node in a graph of its own.
  record Shape(int headCount, int headCountKv, int headLength, int window, DType dtype) {
    Graph graph() {
      var op =
          new Op.Attention(
              headCount,
              headCountKv,
              headLength,
              (float) (1 / Math.sqrt(headLength)),
              LAYER,
              window);
      var g = new GraphBuilder("attention");
      Value q = g.input("q", DType.F32, 1, headCount * headLength);
      Value k = g.input("k", DType.F32, 1, headCountKv * headLength);
      Value v = g.input("v", DType.F32, 1, headCountKv * headLength);
      return g.output(g.attention(op, q, k, v)).build();
    }

    KvCache cache() {
      return new KvCache(new KvLayout(dtype, 2, headCountKv, headLength), CAPACITY);
    }
  }

  static List<Shape> shapes() {
    var shapes = new ArrayList<Shape>();
    for (int window : new int[] {0, 1, 5, 70}) {
      for (DType dtype : List.of(DType.F16, DType.F32)) {
        shapes.add(new Shape(1, 1, 1, window, dtype));
        shapes.add(new Shape(3, 3, 20, window, dtype));
        shapes.add(new Shape(4, 2, 16, window, dtype));
        shapes.add(new Shape(6, 2, 64, window, dtype));
        shapes.add(new Shape(8, 1, 128, window, dtype));
      }
      shapes.add(new Shape(3, 3, 32, window, DType.Q8_0));
      shapes.add(new Shape(6, 2, 64, window, DType.Q8_0));
      shapes.add(new Shape(8, 1, 96, window, DType.Q8_0));
    }
    return shapes;
  }

  /// A run: for each sequence how many items it gets; positions follow from the runs before.
  ///
  /// @param isBidirectional whether the items of each sequence see each other in both directions
  record Step(boolean isBidirectional, int... itemCounts) {
    Step(int... itemCounts) {
      this(false, itemCounts);
    }

    int itemCount() {
      int sum = 0;
      for (int count : itemCounts) {
        sum += count;
      }
      return sum;
    }
  }

  /// Prefills, a later chunk, decode steps, bidirectional spans, and batches that mix all of them
  /// over three sequences.
  static List<Step> scenario() {
    return List.of(
        new Step(33, 0, 0),
        new Step(7, 2, 0),
        new Step(1, 1, 65),
        new Step(1, 1, 1),
        new Step(0, 40, 1),
        new Step(true, 16, 1, 34),
        new Step(1, 0, 13));
  }

  /// The spans of `step` for sequences that are at `positions`, which move on.
  static List<Bindings.Span> spans(Step step, List<KvCache> caches, int[] positions) {
    var spans = new ArrayList<Bindings.Span>();
    int item = 0;
    for (int i = 0; i < step.itemCounts().length; i++) {
      int count = step.itemCounts()[i];
      if (count > 0) {
        spans.add(
            new Bindings.Span(item, count, caches.get(i), positions[i], step.isBidirectional()));
        positions[i] += count;
        item += count;
      }
    }
    return spans;
  }

  /// All layers of a cache as floats, keys and values by turns.
  static float[] content(KvCache cache) {
    KvLayout layout = cache.layout();
    int planeLength = layout.headCountKv() * cache.capacity() * layout.headLength();
    var content = new float[2 * layout.layerCount() * planeLength];
    for (int layer = 0; layer < layout.layerCount(); layer++) {
      int at = 2 * layer * planeLength;
      for (int i = 0; i < planeLength; i++) {
        content[at + i] = element(cache.keys(layer), layout.dtype(), i);
        content[at + planeLength + i] = element(cache.values(layer), layout.dtype(), i);
      }
    }
    return content;
  }

  private static float element(MemorySegment plane, DType dtype, int i) {
    return switch (dtype) {
      case F16 -> Float.float16ToFloat(plane.get(ValueLayout.JAVA_SHORT, 2L * i));
      case Q8_0 -> {
        long block = i / dtype.blockLength() * (long) dtype.blockBytes();
        float d = Float.float16ToFloat(plane.get(ValueLayout.JAVA_SHORT, block));
        yield d * plane.get(ValueLayout.JAVA_BYTE, block + 2 + i % dtype.blockLength());
      }
      default -> plane.get(TensorView.F32_LE, 4L * i);
    };
  }
}
