// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Placement;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Partitioner, placed graphs, reports and devices over backends that compute two ops.
class PlacementTest {
  private final FakeBackend chosen = new FakeBackend("npu", 300, Set.of(Op.Scale.class));
  private final FakeBackend cpu = new FakeBackend("cpu", 100, Set.of(Op.Scale.class, Op.Add.class));

  private Placer placer(BackendProvider... backends) {
    var devices =
        new Devices(
            new Providers(List.of(backends), List.of(), List.of(), List.of()).backends(),
            AlcedoOptions.DEFAULTS);
    return new Placer(devices, ModelOptions.of(Path.of("model.gguf")));
  }

  /// `a = 2x; b = a + c; d = 3b; e = d + a; f = 5e; outputs b, f`: constant `c` on both sides.
  private static Graph zigzag() {
    var graph = new GraphBuilder("zigzag");
    Value x = graph.input("x", DType.F32, 1, 2);
    Value c = graph.constant("c", TensorView.ofFloats(new float[] {10, 20}, 2));
    Value a = graph.node("a", new Op.Scale(2), x);
    Value b = graph.node("b", new Op.Add(), a, c);
    Value d = graph.node("d", new Op.Scale(3), b);
    Value e = graph.node("e", new Op.Add(), d, a);
    Value g = graph.node("g", new Op.Add(), e, c);
    return graph.output(b).output(graph.node("f", new Op.Scale(5), g)).build();
  }

  private static float[][] run(CompiledGraph compiled, Graph graph, float... x) {
    int items = x.length / 2;
    var b = new float[x.length];
    var f = new float[x.length];
    compiled.execute(
        new Bindings()
            .itemCount(items)
            .bind(graph.port("x"), TensorView.ofFloats(x, items, 1, 2))
            .bind(graph.port("b"), TensorView.ofFloats(b, items, 1, 2))
            .bind(graph.port("f"), TensorView.ofFloats(f, items, 1, 2)));
    return new float[][] {b, f};
  }

  @Test
  void mixedPlacementComputesWhatOneBackendDoes() {
    Graph graph = zigzag();
    CompiledGraph mixed = placer(chosen, cpu).compile(Stage.TEXT_PREFILL, graph, 3);
    CompiledGraph alone = placer(cpu).compile(Stage.TEXT_PREFILL, graph, 3);
    for (float[] x : new float[][] {{1, 2}, {1, 2, 3, 4, 5, 6}, {-1, 0, 7, 9}}) {
      float[][] expected = run(alone, graph, x);
      float[][] got = run(mixed, graph, x);
      assertArrayEquals(expected[0], got[0]);
      assertArrayEquals(expected[1], got[1]);
    }
    assertEquals(5 * (3 * (2 * 1 + 10) + 2 * 1 + 10), run(mixed, graph, 1, 2)[1][0]);
    assertEquals(3, mixed.itemCountMax());
  }

  @Test
  void partsGetWhatTheyReadAndGiveWhatOthersRead() {
    Graph graph = zigzag();
    placer(chosen, cpu).compile(Stage.TEXT_PREFILL, graph, 3);
    assertEquals(List.of("zigzag.0", "zigzag.2", "zigzag.4"), names(chosen.graphs));
    assertEquals(List.of("zigzag.1", "zigzag.3"), names(cpu.graphs));
    assertEquals(List.of("d", "a"), values(cpu.graphs.get(1).inputs()));
    assertEquals(List.of("g"), values(cpu.graphs.get(1).outputs()), "e is used inside only");
    assertEquals(List.of("b"), values(cpu.graphs.get(0).outputs()));
    TensorView c = graph.constants().values().iterator().next();
    for (Graph part : cpu.graphs) {
      assertSame(c, part.constants().values().iterator().next(), "constants are shared");
    }
  }

  private static List<String> names(List<Graph> graphs) {
    return graphs.stream().map(Graph::name).toList();
  }

  private static List<String> values(List<Value> values) {
    return values.stream().map(Value::name).toList();
  }

  @Test
  void aGraphForAnotherShapeTakesThePlaceOfTheFirstInTheReport() {
    Placer placer = placer(chosen, cpu);
    placer.compile(Stage.VISION_BLOCKS, zigzag(), 1);
    Placement once = placer.placements().getFirst();
    for (int i = 0; i < 100; i++) {
      placer.compile(Stage.VISION_BLOCKS, zigzag(), 2);
    }
    assertEquals(once, placer.placements().getFirst());
    assertEquals(3, once.fallbacks().size());
  }

  @Test
  void aPlacedGraphClosesItsPartsAndCannotRunAfterwards() {
    Graph graph = zigzag();
    CompiledGraph mixed = placer(chosen, cpu).compile(Stage.TEXT_PREFILL, graph, 3);
    assertEquals(3, chosen.openGraphCount);
    assertTrue(mixed.residentBytes() > 5000, "parts and what lies between them");
    mixed.close();
    mixed.close();
    assertEquals(0, chosen.openGraphCount + cpu.openGraphCount);
    var e = assertThrows(IllegalStateException.class, () -> run(mixed, graph, 1, 2));
    assertTrue(e.getMessage().contains("'zigzag'"), e.getMessage());
  }

  @Test
  void partsAreClosedIfALaterOneCannotBeCompiled() {
    cpu.failsOnCompile = true;
    assertThrows(
        OutOfMemoryError.class, () -> placer(chosen, cpu).compile(Stage.TEXT_PREFILL, zigzag(), 3));
    assertEquals(0, chosen.openGraphCount);
  }

  @Test
  void theReportCountsAllGraphsOfAStage() {
    Placer placer = placer(chosen, cpu);
    placer.compile(Stage.TEXT_PREFILL, zigzag(), 3);
    var simple = new GraphBuilder("simple");
    Value x = simple.input("x", DType.F32, 1, 2);
    placer.compile(
        Stage.TEXT_PREFILL, simple.output(simple.node("y", new Op.Scale(2), x)).build(), 3);
    Placement placement = placer.placements().getFirst();
    assertEquals(1, placer.placements().size());
    assertEquals("npu", placement.backend());
    assertEquals("npu device", placement.device());
    assertEquals("available, weight 300", placement.reason());
    assertEquals(3, placement.fallbacks().size(), "the second graph must not hide the first's");
    assertTrue(placement.fallbacks().getFirst().contains("npu lacks Add"));
    assertEquals(3 + 1, placement.nodeCount(), "nodes that npu runs");
    assertTrue(placer.isShared(Stage.TEXT_PREFILL, Stage.TEXT_DECODE));
    placer.share(Stage.TEXT_DECODE, Stage.TEXT_PREFILL);
    assertEquals(Stage.TEXT_DECODE, placer.placements().getLast().stage());
  }

  @Test
  void profilesPlaceStages() {
    var devices = new Devices(List.of(chosen, cpu), AlcedoOptions.DEFAULTS);
    var options =
        ModelOptions.of(Path.of("m"))
            .withBackend("npu")
            .withStages(Map.of(Stage.TEXT_DECODE, "cpu"));
    var placer = new Placer(devices, options);
    assertFalse(placer.isShared(Stage.TEXT_PREFILL, Stage.TEXT_DECODE));
    placer.compile(Stage.TEXT_DECODE, zigzag(), 1);
    assertEquals("cpu", placer.placements().getFirst().backend());
    assertEquals("asked for", placer.placements().getFirst().reason());
  }

  @Test
  void theFallbackIsOpenedOnlyForWhatNeedsIt() {
    var graph = new GraphBuilder("simple");
    Value x = graph.input("x", DType.F32, 1, 2);
    placer(chosen, cpu)
        .compile(Stage.TEXT_PREFILL, graph.output(graph.node("y", new Op.Scale(2), x)).build(), 1);
    assertEquals(0, cpu.openCount);
  }

  @Test
  void whatNobodyRunsNamesNodeAndReasons() {
    var none = new FakeBackend("cpu", 100, Set.of());
    var e =
        assertThrows(
            UnsupportedModelException.class,
            () -> placer(chosen, none).compile(Stage.TEXT_PREFILL, zigzag(), 1));
    for (String word : List.of("'zigzag'", "Add(a [1, 2] F32", "npu lacks Add", "cpu lacks Add")) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }

  @Test
  void devicesCloseAllAndOpenNoneAfterwards() {
    var devices = new Devices(List.of(chosen, cpu), AlcedoOptions.DEFAULTS);
    chosen.failsOnClose = true;
    devices.choose(Optional.of("npu"));
    devices.choose(Optional.of("cpu"));
    devices.choose(Optional.of("cpu"));
    assertEquals(1, cpu.openCount);
    var e = assertThrows(IllegalStateException.class, devices::close);
    assertEquals("npu cannot close", e.getMessage());
    assertTrue(cpu.isClosed, "the other is closed all the same");
    assertThrows(IllegalStateException.class, () -> devices.choose(Optional.of("cpu")));
    devices.close();
  }

  @Test
  void lostDeviceFailsOneRunAndTheNextOnesGoToCpu() {
    Graph graph = zigzag();
    Placer placer = placer(chosen, cpu);
    CompiledGraph blocks = placer.compile(Stage.TEXT_PREFILL, graph, 3);
    CompiledGraph logits = placer.compile(Stage.TEXT_LOGITS, graph, 3);
    float[][] expected = run(blocks, graph, 1, 2);
    assertEquals("npu", placer.placements().getFirst().backend());
    chosen.failsOnRun = true;
    var e = assertThrows(BackendException.class, () -> run(blocks, graph, 1, 2));
    assertEquals("npu is lost", e.getMessage());
    for (CompiledGraph compiled : List.of(blocks, logits, blocks)) {
      float[][] got = run(compiled, graph, 1, 2);
      assertArrayEquals(expected[0], got[0]);
      assertArrayEquals(expected[1], got[1]);
    }
    assertEquals(0, chosen.openGraphCount, "graphs of the lost device are closed");
    Placement now = placer.placements().getFirst();
    assertEquals("cpu", now.backend());
    assertEquals("npu failed: npu is lost", now.reason());
    assertEquals(6, now.nodeCount());
    CompiledGraph later = placer.compile(Stage.VISION_BLOCKS, graph, 3);
    assertArrayEquals(expected[1], run(later, graph, 1, 2)[1]);
    List.of(blocks, logits, later).forEach(CompiledGraph::close);
    assertEquals(0, cpu.openGraphCount);
  }

  @Test
  void failureWithoutAnotherBackendStaysWhereItIs() {
    var alone = new FakeBackend("npu", 300, Set.of(Op.Scale.class, Op.Add.class));
    Graph graph = zigzag();
    CompiledGraph compiled = placer(alone).compile(Stage.TEXT_PREFILL, graph, 3);
    alone.failsOnRun = true;
    assertThrows(BackendException.class, () -> run(compiled, graph, 1, 2));
    alone.failsOnRun = false;
    assertEquals(2, run(compiled, graph, 1, 2).length);
  }
}
