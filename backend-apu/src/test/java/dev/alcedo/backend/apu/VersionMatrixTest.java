// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.run.Tuning;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Nmse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Generations of the library, with all symbols and with the required ones only.
class VersionMatrixTest {
  private static final DeviceInfo DEVICE = new DeviceInfo("0", "simulated", "", 0, List.of());

  @ParameterizedTest
  @CsvSource({
    "5,0,0,false,false", "5,0,0,true,false", "7,2,0,false,true", "7,2,0,true,true",
    "8,2,24,false,true", "8,2,24,true,true", "9,0,0,false,true", "9,0,0,true,true"
  })
  void eachVersionRunsWhatItHas(
      int major, int minor, int patch, boolean isRequiredOnly, boolean hasAttention) {
    Simulator simulator =
        isRequiredOnly ? Simulator.load(Simulator.REQUIRED_ONLY) : Simulator.load();
    simulator.version(major, minor, patch);
    // A library without createForDevices compiles for all its devices together.
    try (Backend backend =
        SimulatedDevice.of(simulator, SimulatedDevice.MDLA, Precision.F16)
            .open(DEVICE, BackendOptions.DEFAULTS)) {
      assertEquals(hasAttention, backend.supports(attention()).isSupported());
      assertTrue(backend.supports(silu()).isSupported());
      if (hasAttention) {
        var part = new DecoderPart();
        try (Backend reference = ScalarReference.provider().open(DEVICE, BackendOptions.DEFAULTS)) {
          Nmse.assertClose("result", part.run(reference), part.run(backend), 1e-5);
        }
      }
    }
    assertEquals(0, simulator.liveHandles());
    simulator.assertNoViolation();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7.2.0  |                       | memory of memfd_create
          8.2.24 |                       | memory of memfd_create
          9.0.0  |                       | memory of memfd_create
          7.2.0  | -DSIM_REQUIRED_ONLY   | plain memory: the library does not export NeuronMemory_createFromFd, NeuronMemory_free, NeuronExecution_setInputFromMemory, NeuronExecution_setOutputFromMemory
          8.2.24 | -DSIM_WITHOUT_MEMORY  | plain memory: the library does not export NeuronMemory_createFromFd, NeuronMemory_free, NeuronExecution_setInputFromMemory, NeuronExecution_setOutputFromMemory
          """)
  void memoryIsSharedWhereTheLibraryCan(String version, String option, String expected)
      throws Exception {
    assumeFalse(Files.exists(Path.of("/dev/dma_heap/system")), "skipped: there is a DMA heap here");
    Simulator simulator = option == null ? Simulator.load() : Simulator.load(option);
    int[] parts = Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    simulator.version(parts[0], parts[1], parts[2]);
    var part = new DecoderPart();
    Tuning tuning = Tuning.DEFAULTS.withMemory(MemoryKind.FD);
    try (Backend backend =
            new SimulatedDevice(simulator, SimulatedDevice.MDLA, tuning)
                .open(DEVICE, BackendOptions.DEFAULTS);
        Backend reference = ScalarReference.provider().open(DEVICE, BackendOptions.DEFAULTS)) {
      Nmse.assertClose("result", part.run(reference), part.run(backend), 1e-5);
      assertEquals(option == null, simulator.memoryBindings() > 0);
      String remark = backend.remark(part.graph()).orElseThrow();
      assertTrue(remark.endsWith("; inputs and outputs in " + expected), remark);
    }
    assertEquals(0, simulator.liveHandles());
    simulator.assertNothingShared();
  }

  @Test
  void memoryIsPlainUnlessAskedFor() {
    Simulator simulator = Simulator.load();
    var part = new DecoderPart();
    try (Backend backend =
        SimulatedDevice.of(simulator, SimulatedDevice.MDLA, Precision.F16)
            .open(DEVICE, BackendOptions.DEFAULTS)) {
      part.run(backend);
      assertEquals(0, simulator.memoryBindings());
      String remark = backend.remark(part.graph()).orElseThrow();
      assertFalse(remark.contains("inputs and outputs"), remark);
    }
  }

  @ParameterizedTest
  @CsvSource({"102, Attention", "14, Silu"})
  void refusedOperationIsAReason(int operation, String opName) {
    Simulator simulator = Simulator.load();
    simulator.refuse(operation);
    try (Backend backend =
        SimulatedDevice.of(simulator, SimulatedDevice.MDLA, Precision.F16)
            .open(DEVICE, BackendOptions.DEFAULTS)) {
      for (Node node : List.of(attention(), silu())) {
        boolean isRefused = node.op().opName().equals(opName);
        assertEquals(!isRefused, backend.supports(node).isSupported());
        if (isRefused) {
          var answer = assertInstanceOf(Support.Unsupported.class, backend.supports(node));
          assertEquals("support by the driver for this op in F16", answer.why());
        }
      }
    }
    simulator.reset();
  }

  private static Node attention() {
    var g = new GraphBuilder("attention");
    Value x = g.input("x", DType.F32, 1, 32);
    Value y = g.attention(new Op.Attention(2, 2, 16, 0.25f, 0, 0), x, x, x);
    return g.output(y).build().nodes().getFirst();
  }

  private static Node silu() {
    var g = new GraphBuilder("silu");
    return g.output(g.node(new Op.Silu(), g.input("x", DType.F32, 1, 32)))
        .build()
        .nodes()
        .getFirst();
  }
}
