// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability.Available;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Computing with a simulated driver that fails: always an exception that names the call, nothing
/// left behind on the device. (Where a failure of the device leads the engine is the core's
/// matter.)
class FakeOpenClFaultTest {
  @TempDir static Path directory;

  private final Value x;
  private final Value y;
  private final Graph graph;

  FakeOpenClFaultTest() {
    var g = new GraphBuilder("twice");
    x = g.input("x", DType.F32, 1, 3);
    y = g.add(g.scale(x, 2), g.constant("b", TensorView.ofFloats(new float[3], 3)));
    graph = g.output(y).build();
  }

  @BeforeAll
  static void compiler() {
    FakeOpenCl.assumeCompiler();
  }

  @Test
  void driverThatWorksIsUsedAndEverythingReleased() throws Exception {
    String library = new FakeOpenCl(directory).library("WORKS");
    try (Backend backend = open(library)) {
      CompiledGraph compiled = backend.compile(graph, 2);
      assertTrue(compiled.residentBytes() > 0);
      var result = new float[] {5, 5, 5};
      run(compiled, result);
      // Kernels do nothing here, and y has the buffer of x, which nobody reads any more.
      assertArrayEquals(new float[] {1, 2, 3}, result);
      compiled.close();
      assertEquals(0, openBuffers(library));
    }
  }

  @Test
  void sharedMemoryIsMappedAndGivenBack() throws Exception {
    String library = new FakeOpenCl(directory).library("SHARED_MEMORY");
    try (Backend backend = open(library);
        CompiledGraph compiled = backend.compile(graph, 2)) {
      var result = new float[] {5, 5, 5};
      run(compiled, result);
      assertArrayEquals(new float[] {1, 2, 3}, result);
      assertEquals(0, FakeOpenCl.count(library, "fakeOpenMaps"));
    }
    assertEquals(0, openBuffers(library));
  }

  @Test
  void fileThatADriverCannotUseInPlaceIsCopied() throws Exception {
    String library = new FakeOpenCl(directory).library("SHARED_MEMORY"); // wants to write to it
    try (Arena arena = Arena.ofConfined();
        Backend backend = open(library)) {
      MemorySegment file = arena.allocate(4 * 8 * 8, 64);
      var weights = new TensorView(DType.F32, Shape.of(8, 8), file);
      var g = new GraphBuilder("in place");
      Value in = g.input("x", DType.F32, 1, 8);
      Graph product = g.output(g.matMul(in, g.constant("w", weights))).build();
      backend.compile(product, 1).close();
      assertEquals(0, FakeOpenCl.count(library, "fakeOpenMaps"));
      assertEquals(0, openBuffers(library));
    }
  }

  @Test
  void refusedMapIsNamedAndLeavesNothingBehind() throws Exception {
    String library = new FakeOpenCl(directory).library("REFUSED_MAP");
    try (Backend backend = open(library)) {
      var e = assertThrows(BackendException.class, () -> backend.compile(graph, 2));
      assertEquals("clEnqueueMapBuffer returned -12 (CL_MAP_FAILURE)", e.getMessage());
      assertEquals(0, openBuffers(library));
    }
  }

  @Test
  void deviceThatCannotBeOpened() throws Exception {
    String library = new FakeOpenCl(directory).library("NO_CONTEXT");
    for (int i = 0; i < 2; i++) { // the first failure leaves no trace
      var e = assertThrows(BackendException.class, () -> open(library));
      assertEquals("clCreateContext returned -5 (CL_OUT_OF_RESOURCES)", e.getMessage());
    }
  }

  @Test
  void libraryThatOnlyLists() throws Exception {
    String library = new FakeOpenCl(directory).library("ONLY_LISTS");
    var e = assertThrows(BackendException.class, () -> open(library));
    assertTrue(e.getMessage().contains("it does not export clCreateContext"), e.getMessage());
  }

  @Test
  void failedBuildCarriesTheLog() throws Exception {
    String library = new FakeOpenCl(directory).library("NO_BUILD");
    try (Backend backend = open(library)) {
      var e = assertThrows(BackendException.class, () -> backend.compile(graph, 2));
      assertTrue(e.getMessage().contains("-11 (CL_BUILD_PROGRAM_FAILURE)"), e.getMessage());
      assertTrue(
          e.getMessage().endsWith("line 7: the compiler is not in the mood"), e.getMessage());
      assertEquals(0, openBuffers(library));
    }
  }

  @Test
  void noMemoryIsSaidWithSizeAndPurpose() throws Exception {
    try (Backend backend = open(new FakeOpenCl(directory).library("NO_MEMORY"))) {
      var e = assertThrows(ResourceExhaustedException.class, () -> backend.compile(graph, 2));
      assertTrue(
          e.getMessage()
              .startsWith(
                  "device memory for intermediate values of 'twice': needed 24 bytes,"
                      + " clCreateBuffer returned -4 (CL_MEM_OBJECT_ALLOCATION_FAILURE)"),
          e.getMessage());
    }
  }

  @Test
  void successWithoutAHandleIsAFailure() throws Exception {
    try (Backend backend = open(new FakeOpenCl(directory).library("NULL_BUFFER"))) {
      var e = assertThrows(BackendException.class, () -> backend.compile(graph, 2));
      assertEquals("clCreateBuffer returned no handle and no error", e.getMessage());
    }
  }

  @Test
  void refusedKernelIsNamed() throws Exception {
    String library = new FakeOpenCl(directory).library("REFUSED_KERNEL");
    try (Backend backend = open(library);
        CompiledGraph compiled = backend.compile(graph, 2)) {
      var e = assertThrows(BackendException.class, () -> run(compiled, new float[3]));
      assertEquals(
          "clEnqueueNDRangeKernel(scale) returned -5 (CL_OUT_OF_RESOURCES)", e.getMessage());
    }
    assertEquals(0, openBuffers(library));
  }

  @Test
  void lostDeviceFailsTheUploadAndReleasesIt() throws Exception {
    String library = new FakeOpenCl(directory).library("LOST");
    try (Backend backend = open(library)) {
      var e = assertThrows(BackendException.class, () -> backend.compile(graph, 2));
      assertEquals("clFinish returned -5 (CL_OUT_OF_RESOURCES)", e.getMessage());
      assertEquals(0, openBuffers(library));
    }
  }

  @Test
  void twoLibrariesAreNotUsedAtOnce() throws Exception {
    String first = new FakeOpenCl(directory).library("WORKS");
    String second = new FakeOpenCl(directory).library("ONE_GPU");
    try (Backend backend = open(first)) {
      assertEquals("Simulated-G1", backend.device().name());
      var e = assertThrows(BackendException.class, () -> open(second));
      assertTrue(e.getMessage().contains("cannot be used beside " + first), e.getMessage());
    }
    open(second).close();
  }

  private void run(CompiledGraph compiled, float[] result) {
    compiled.execute(
        new Bindings()
            .bind(x, TensorView.ofFloats(new float[] {1, 2, 3}, 1, 3))
            .bind(y, TensorView.ofFloats(result, 1, 3)));
  }

  private static Backend open(String library) {
    var provider = new GpuBackendProvider(Map.of(LibraryNames.VARIABLE, library), "Linux");
    var available = assertInstanceOf(Available.class, provider.probe());
    return provider.open(available.devices().getFirst(), BackendOptions.DEFAULTS);
  }

  private static int openBuffers(String library) {
    return FakeOpenCl.count(library, "fakeOpenBuffers");
  }
}
