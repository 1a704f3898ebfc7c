// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Placement;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Decoding goes where a step takes less, is measured once for a machine and a graph, and says so.
class MeasuredPlacementTest {
  @TempDir Path directory;

  private final FakeBackend npu = new FakeBackend("npu", 300, Set.of(Op.Scale.class));
  private final FakeBackend cpu = new FakeBackend("cpu", 100, Set.of(Op.Scale.class));
  private final Graph graph = graph(2);

  private static Graph graph(int cols) {
    var g = new GraphBuilder("blocks");
    Value x = g.input("x", DType.F32, 1, cols);
    return g.output(g.scale(x, 2)).build();
  }

  /// A model's loading.
  private final class Load {
    final Placer placer;
    final CompiledGraph prefill;
    final CompiledGraph decode;

    Load(Graph graph, ToLongFunction<CompiledGraph> onNpu, long cpuNanos) {
      var options = AlcedoOptions.DEFAULTS.withCacheFolder(directory);
      var devices = new Devices(List.of(npu, cpu), options);
      placer =
          new Placer(
              devices,
              ModelOptions.of(Path.of("model.gguf"))
                  .withStages(Map.of(Stage.TEXT_DECODE, Placer.MEASURED)));
      prefill = placer.compile(Stage.TEXT_PREFILL, graph, 8);
      decode =
          placer.compileFaster(
              Stage.TEXT_DECODE,
              Stage.TEXT_PREFILL,
              prefill,
              graph,
              1,
              compiled -> compiled == prefill ? onNpu.applyAsLong(compiled) : cpuNanos);
    }

    Placement placement() {
      return placer.placements().stream()
          .filter(p -> p.stage() == Stage.TEXT_DECODE)
          .findFirst()
          .orElseThrow();
    }
  }

  private static long never(CompiledGraph graph) {
    throw new AssertionError("measured again");
  }

  @Test
  void staysWithPrefillWhereThatIsFaster() {
    var load = new Load(graph, _ -> 1_000_000, 2_500_000);
    assertSame(load.prefill, load.decode);
    assertEquals("npu", load.placement().backend());
    assertEquals(
        "measured once: a step takes 1.0 ms on npu and 2.5 ms on cpu", load.placement().reason());
    assertEquals(0, cpu.openGraphCount, "the slower graph is closed");
    var again = new Load(graph, MeasuredPlacementTest::never, 0);
    assertSame(again.prefill, again.decode);
    assertEquals(load.placement().reason(), again.placement().reason());
  }

  @Test
  void goesToTheFallbackWhereThatIsFaster() {
    var load = new Load(graph, _ -> 3_000_000, 1_000_000);
    assertNotSame(load.prefill, load.decode);
    assertEquals("cpu", load.placement().backend());
    assertTrue(load.placement().reason().contains("3.0 ms on npu"), load.placement().reason());
    assertEquals("cpu", new Load(graph, MeasuredPlacementTest::never, 0).placement().backend());
    var other = new Load(graph(3), _ -> 1_000_000, 2_000_000);
    assertEquals("npu", other.placement().backend(), "another graph is measured anew");
  }

  @Test
  void aBackendThatFailsIsNotFaster() {
    var load =
        new Load(
            graph,
            _ -> {
              throw new BackendException("npu is out of order");
            },
            1_000_000);
    assertEquals("cpu", load.placement().backend());
    assertEquals("measured once: a step fails on npu", load.placement().reason());
  }

  @Test
  void linesThatAreNoneAreMeasuredAnew() throws Exception {
    new Load(graph, _ -> 1_000_000, 2_000_000);
    Path file = directory.resolve("measured.txt");
    String lines = Files.readString(file);
    Files.writeString(file, lines.replace(" on npu = ", " on tpu = ") + "\n\u0000\nx y");
    assertEquals("cpu", new Load(graph, _ -> 2_000_000, 1_000_000).placement().backend());
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertEquals("npu", new Load(graph, _ -> 1_000_000, 2_000_000).placement().backend());
  }

  @Test
  void isForDecodingOnly() {
    var options =
        ModelOptions.of(Path.of("model.gguf"))
            .withStages(Map.of(Stage.TEXT_LOGITS, Placer.MEASURED));
    var devices = new Devices(List.of(npu, cpu), AlcedoOptions.DEFAULTS);
    var e = assertThrows(InvalidRequestException.class, () -> new Placer(devices, options));
    assertTrue(e.getMessage().contains("stage 'text.logits'"), e.getMessage());
  }
}
