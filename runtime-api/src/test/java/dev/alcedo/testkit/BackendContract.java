// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// What every backend must do, run by subclassing in the backend's own tests: each op on each dtype
/// and shape against the scalar kernels, KV caches, buffer reuse, and the life cycle. A case that
/// the backend does not support is skipped and says why; what it does support is pinned elsewhere,
/// by the golden support matrix.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract {
  private Backend backend;
  private Backend reference;

  /// For subclasses.
  protected BackendContract() {}

  /// The backend under test.
  protected abstract BackendProvider provider();

  /// The truth: `cpu-scalar` as the service loader finds it. Where it does not, because backend-cpu
  /// is on the class path, construct its provider.
  protected BackendProvider referenceProvider() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(p -> p.id().equals("cpu-scalar"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no provider 'cpu-scalar' on the path"));
  }

  /// How the backend is opened.
  protected BackendOptions options() {
    return BackendOptions.DEFAULTS;
  }

  /// Greatest NMSE of a case; a backend that rounds activations or computes in F16 says so here.
  protected double tolerance(OpCase opCase) {
    return opCase.tolerance();
  }

  /// Greatest NMSE of attention with a KV cache.
  protected double cacheTolerance(DType cacheDtype) {
    return loosened(cacheDtype == DType.F16 ? OpCases.F16_CACHE : OpCases.SUMS);
  }

  /// Why a backend that supports a case's op is not held to its numbers, e.g. because its floats
  /// are too short for them; empty as a rule.
  protected Optional<String> exemption(OpCase opCase) {
    return Optional.empty();
  }

  /// What a tolerance for computing in F32 is for this backend, where no other method says so.
  protected double loosened(double tolerance) {
    return tolerance;
  }

  @BeforeAll
  final void open() {
    backend = open(provider(), options());
    reference = open(referenceProvider(), new BackendOptions(1, Optional.empty()));
  }

  @AfterAll
  final void close() {
    if (backend != null) {
      backend.close();
      backend.close();
    }
    if (reference != null) {
      reference.close();
    }
  }

  private static Backend open(BackendProvider provider, BackendOptions options) {
    return switch (provider.probe()) {
      case Availability.Available(var devices) -> provider.open(devices.get(0), options);
      case Availability.Unavailable(String reason, String remedy, _) -> {
        Assumptions.abort(
            "backend '%s' is not available: %s; %s".formatted(provider.id(), reason, remedy));
        throw new AssertionError();
      }
    };
  }

  @TestFactory
  final Stream<DynamicTest> computesEveryOpLikeTheScalarKernels() {
    return OpCases.all().stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> checkOp(c)));
  }

  private void checkOp(OpCase c) {
    assumeSupported(c.graph());
    exemption(c).ifPresent(why -> Assumptions.abort("%s: %s".formatted(c.name(), why)));
    Random random = Seeds.random(c.name());
    Map<Value, Object> inputs =
        GraphRunner.randomInputs(c.graph(), c.itemCount(), c.fill(), c.idBound(), random);
    var memory = GraphRunner.Memory.values()[random.nextInt(2)];
    // Compiled for more items than are run, as a text's last chunk is.
    try (CompiledGraph got = backend.compile(c.graph(), c.itemCount() + random.nextInt(3));
        CompiledGraph expected = reference.compile(c.graph(), c.itemCount())) {
      assertResults(
          c.name() + " in " + memory,
          GraphRunner.run(expected, c.graph(), c.itemCount(), inputs, List.of(), memory),
          GraphRunner.run(got, c.graph(), c.itemCount(), inputs, List.of(), memory),
          tolerance(c));
    }
  }

  @TestFactory
  final Stream<DynamicTest> attendsThroughKvCachesLikeTheScalarKernels() {
    return CacheCases.shapes().stream()
        .map(s -> DynamicTest.dynamicTest(s.toString(), () -> checkCache(s)));
  }

  private void checkCache(CacheCases.Shape shape) {
    Graph graph = shape.graph();
    assumeSupported(graph);
    assumeCached(shape.dtype());
    Random random = Seeds.random(shape.toString());
    int itemCountMax = CacheCases.scenario().stream().mapToInt(s -> s.itemCount()).max().orElse(0);
    try (CompiledGraph compiled = backend.compile(graph, itemCountMax);
        CompiledGraph truth = reference.compile(graph, itemCountMax);
        var gotCaches = new Caches(shape);
        var expectedCaches = new Caches(shape)) {
      for (CacheCases.Step step : CacheCases.scenario()) {
        int items = step.itemCount();
        var inputs = GraphRunner.randomInputs(graph, items, Fill.GAUSSIAN, 0, random);
        assertResults(
            "%s at %s".formatted(shape, step),
            expectedCaches.run(truth, graph, step, inputs),
            gotCaches.run(compiled, graph, step, inputs),
            cacheTolerance(shape.dtype()));
      }
      for (int i = 0; i < Caches.COUNT; i++) {
        // One in 2000 elements may be rounded the other way to F16 (relative error 5e-4); three in
        // 1000 to a code of Q8_0, a step of 1/55 of a Gaussian block's deviation.
        Nmse.assertClose(
            "KV cache %d of %s".formatted(i, shape),
            CacheCases.content(expectedCaches.caches.get(i)),
            CacheCases.content(gotCaches.caches.get(i)),
            loosened(shape.dtype() == DType.Q8_0 ? 1e-6 : 1e-10));
      }
    }
  }

  @Test
  final void attendsWithinWindows() {
    assumeSupported(VisibilityContract.windows(9));
    for (int[] s : new int[][] {{1, 1}, {70, 16}, {200, 64}, {33, 5}, {130, 130}}) {
      VisibilityContract.checkWindows(backend, s[0], s[1], loosened(OpCases.SUMS));
    }
  }

  @Test
  final void attendsToOtherRowsThanItsOwn() {
    assumeSupported(VisibilityContract.cross(2, 3));
    for (int[] s : new int[][] {{1, 70}, {64, 5}, {17, 130}, {7, 1}}) {
      VisibilityContract.checkCross(backend, s[0], s[1], loosened(OpCases.SUMS));
    }
  }

  @Test
  final void bidirectionalSpansSeeTheirEnd() {
    assumeSupported(VisibilityContract.cached(0));
    for (int[] s : new int[][] {{1, 1}, {10, 20}, {3, 90}, {70, 64}}) {
      for (int window : new int[] {0, 1, 5, 40}) {
        VisibilityContract.checkSpan(backend, s[0], s[1], window, loosened(OpCases.SUMS));
      }
    }
  }

  @TestFactory
  final Stream<DynamicTest> prefillsAsItDecodesOneByOne() {
    return CacheCases.shapes().stream()
        .map(s -> DynamicTest.dynamicTest(s.toString(), () -> checkPrefill(s)));
  }

  private void checkPrefill(CacheCases.Shape shape) {
    Graph graph = shape.graph();
    assumeSupported(graph);
    assumeCached(shape.dtype());
    int items = 77;
    Value y = graph.outputs().get(0);
    var inputs =
        GraphRunner.randomInputs(graph, items, Fill.GAUSSIAN, 0, Seeds.random("prefill" + shape));
    try (CompiledGraph batch = backend.compile(graph, items);
        CompiledGraph single = backend.compile(graph, 1);
        var batchCaches = new Caches(shape);
        var singleCaches = new Caches(shape)) {
      float[] expected =
          batchCaches.run(batch, graph, new CacheCases.Step(items, 0, 0), inputs).get(y);
      int cols = y.shape().cols();
      var got = new float[expected.length];
      for (int i = 0; i < items; i++) {
        var one = GraphSlices.item(inputs, i);
        var result = singleCaches.run(single, graph, new CacheCases.Step(1, 0, 0), one).get(y);
        System.arraycopy(result, 0, got, i * cols, cols);
      }
      Nmse.assertClose(
          "77 decode steps against one prefill", expected, got, 2 * cacheTolerance(shape.dtype()));
    }
  }

  @TestFactory
  final Stream<DynamicTest> reusesBuffersOnlyWhenFree() {
    return IntStream.range(0, 60)
        .mapToObj(i -> DynamicTest.dynamicTest("random graph " + i, () -> checkRandomGraph(i)));
  }

  private void checkRandomGraph(int number) {
    Random random = Seeds.random("graph" + number);
    Graph graph = RandomGraphs.graph(random);
    assumeSupported(graph);
    try (CompiledGraph compiled = backend.compile(graph, 7)) {
      for (int items : new int[] {3, 7, 1}) {
        var inputs = GraphRunner.randomInputs(graph, items, Fill.GAUSSIAN, 0, random);
        assertResults(
            "random graph %d with %d items".formatted(number, items),
            RandomGraphs.oneByOne(reference, graph, items, inputs),
            GraphRunner.run(compiled, graph, items, inputs, List.of(), GraphRunner.Memory.HEAP),
            loosened(OpCases.SUMS));
      }
    }
  }

  @Test
  final void refusesRunsThatDoNotFit() {
    var g = new GraphBuilder("scale");
    Value x = g.input("x", DType.F32, 2, 3);
    Value y = g.scale(x, 2);
    Graph graph = g.output(y).build();
    assumeSupported(graph);
    CompiledGraph compiled = backend.compile(graph, 2);
    assertEquals(2, compiled.itemCountMax());
    assertTrue(compiled.residentBytes() >= 0);
    TensorView twelve = TensorView.ofFloats(new float[12], 4, 3);
    TensorView six = TensorView.ofFloats(new float[6], 2, 3);
    Bindings good = new Bindings().itemCount(2).bind(x, twelve).bind(y, twelve);
    compiled.execute(good);
    refuses(compiled, new Bindings().itemCount(0).bind(x, twelve).bind(y, twelve), "0");
    refuses(compiled, new Bindings().itemCount(3).bind(x, twelve).bind(y, twelve), "3");
    refuses(compiled, new Bindings().itemCount(1).bind(y, twelve), "'x' is not bound");
    refuses(compiled, new Bindings().itemCount(2).bind(x, six).bind(y, twelve), "'x'");
    refuses(compiled, new Bindings().itemCount(2).bind(x, twelve).bind(y, six), y.name());
    TensorView ints = TensorView.ofInts(new int[12], 4, 3);
    refuses(compiled, new Bindings().itemCount(2).bind(x, ints).bind(y, twelve), "I32");
    TensorView readOnly = new TensorView(DType.F32, twelve.shape(), twelve.data().asReadOnly());
    refuses(compiled, new Bindings().itemCount(2).bind(x, twelve).bind(y, readOnly), "writable");
    compiled.execute(good); // a refusal leaves no trace
    compiled.close();
    compiled.close();
    assertThrows(IllegalStateException.class, () -> compiled.execute(good));
    assertThrows(IllegalArgumentException.class, () -> backend.compile(graph, 0));
  }

  @Test
  final void refusesSpansAndCachesThatDoNotFit() {
    var shape = new CacheCases.Shape(2, 1, 4, 0, DType.F16);
    Graph graph = shape.graph();
    assumeSupported(graph);
    assumeCached(shape.dtype());
    try (CompiledGraph compiled = backend.compile(graph, 4);
        KvCache cache = shape.cache();
        KvCache other = new CacheCases.Shape(2, 1, 8, 0, DType.F16).cache()) {
      var inputs = GraphRunner.randomInputs(graph, 4, Fill.GAUSSIAN, 0, Seeds.random("refuse"));
      for (List<Bindings.Span> spans :
          List.of(
              List.<Bindings.Span>of(),
              List.of(new Bindings.Span(0, 3, cache, 0)),
              List.of(new Bindings.Span(1, 3, cache, 0)),
              List.of(new Bindings.Span(0, 5, cache, 0)),
              List.of(new Bindings.Span(0, 3, cache, 0), new Bindings.Span(2, 2, cache, 9)),
              List.of(new Bindings.Span(2, 2, cache, 0), new Bindings.Span(0, 2, cache, 9)),
              List.of(new Bindings.Span(0, 4, other, 0)))) {
        assertThrows(
            IllegalArgumentException.class,
            () -> GraphRunner.run(compiled, graph, 4, inputs, spans, GraphRunner.Memory.HEAP),
            spans.toString());
      }
    }
  }

  @Test
  final void namesItsDeviceAndAnswersForEveryOp() {
    assertTrue(!backend.device().id().isEmpty() && !backend.device().name().isEmpty());
    for (String line : SupportMatrix.of(backend)) {
      assertTrue(line.endsWith(": yes") || line.contains(": no, "), line);
    }
    assertInstanceOf(Availability.Available.class, provider().probe());
  }

  private void refuses(CompiledGraph compiled, Bindings bindings, String part) {
    var e = assertThrows(IllegalArgumentException.class, () -> compiled.execute(bindings));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private void assumeCached(DType dtype) {
    Assumptions.assumeTrue(
        backend.cacheTypes().contains(dtype), () -> "no KV cache of %s".formatted(dtype));
  }

  private void assumeSupported(Graph graph) {
    for (Node node : graph.nodes()) {
      if (backend.supports(node) instanceof Support.Unsupported(String why)) {
        Assumptions.abort("%s: no %s".formatted(node.describe(), why));
      }
    }
  }

  private static void assertResults(
      String what, Map<Value, float[]> expected, Map<Value, float[]> got, double tolerance) {
    expected.forEach((value, floats) ->
        Nmse.assertClose(
            "%s, '%s'".formatted(what, value.name()), floats, got.get(value), tolerance));
  }

  /// Three sequences and where each has got to.
  private static final class Caches implements AutoCloseable {
    static final int COUNT = 3;

    final List<KvCache> caches;
    private final int[] positions = new int[COUNT];

    Caches(CacheCases.Shape shape) {
      caches = IntStream.range(0, COUNT).mapToObj(_ -> shape.cache()).toList();
    }

    Map<Value, float[]> run(
        CompiledGraph compiled, Graph graph, CacheCases.Step step, Map<Value, Object> inputs) {
      List<Bindings.Span> spans = CacheCases.spans(step, caches, positions);
      return GraphRunner.run(
          compiled, graph, step.itemCount(), inputs, spans, GraphRunner.Memory.NATIVE);
    }

    @Override
    public void close() {
      caches.forEach(KvCache::close);
    }
  }
}
