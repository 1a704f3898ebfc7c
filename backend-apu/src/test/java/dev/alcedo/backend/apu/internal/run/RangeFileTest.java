// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.apu.internal.lower.Range;
import dev.alcedo.backend.apu.internal.lower.Segment;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ranges on disk: read as written, for the same weights only, and never from a damaged file.
class RangeFileTest {
  @TempDir Path directory;

  private static Graph graph(float weight) {
    var g = new GraphBuilder("product");
    Value x = g.input("x", DType.F32, 1, 2);
    Value w = g.constant("w", TensorView.ofFloats(new float[] {weight, 1}, 1, 2));
    return g.output(g.scale(g.matMul(x, w), 2)).build();
  }

  private RangeFile file(Graph graph) {
    return RangeFile.of(Optional.of(directory), Segment.of(graph).getFirst(), graph);
  }

  private static Map<Value, Range> ranges(Graph graph) {
    Map<Value, Range> ranges = new LinkedHashMap<>();
    ranges.put(graph.inputs().getFirst(), new Range(-0.1f, 3e-7f));
    ranges.put(graph.nodes().getFirst().output(), new Range(-65504, 0));
    return ranges;
  }

  @Test
  void rangesAreReadAsWritten() {
    Graph graph = graph(1);
    Map<Value, Range> ranges = ranges(graph);
    List<Value> values = List.copyOf(ranges.keySet());
    assertEquals(Map.of(), file(graph).read(values));
    file(graph).write(ranges);
    assertEquals(ranges, file(graph).read(values));
    assertEquals(Map.of(), file(graph(2)).read(values), "other weights");
  }

  @Test
  void damagedFilesAreAsGoodAsNone() throws Exception {
    Graph graph = graph(1);
    Map<Value, Range> ranges = ranges(graph);
    List<Value> values = List.copyOf(ranges.keySet());
    file(graph).write(ranges);
    Path path;
    try (Stream<Path> files = Files.list(directory)) {
      path = files.findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(path);
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertEquals(Map.of(), file(graph).read(values), "cut to %d bytes".formatted(length));
    }
    for (String text :
        List.of(
            "alcedo activation ranges 1\n-1 NaN\n-1 1\nend\n",
            "alcedo activation ranges 1\n1 2\n-1 1\nend\n",
            "alcedo activation ranges 1\n-1 Infinity\n-1 1\nend\n",
            "alcedo activation ranges 1\n-1 1 1\n-1 1\nend\n",
            "alcedo activation ranges 2\n-1 1\n-1 1\nend\n",
            "alcedo activation ranges 1\n-1 x\n-1 1\nend\n",
            "\u00e9".repeat(40),
            "\n".repeat(1000))) {
      Files.write(path, text.getBytes(StandardCharsets.UTF_8));
      assertEquals(Map.of(), file(graph).read(values), text);
    }
  }
}
