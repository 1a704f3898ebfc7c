// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.Simulator.Fault;
import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.run.Tuning;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.testkit.Nmse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Everything that can go wrong in the driver, at every call of opening, compiling, keeping,
/// restoring, calibrating, running and freeing: the right result, or an exception that says what
/// failed; nothing left behind, no rule of the adapter broken. Aborts are the child's matter:
/// [FakeNeuronProbeTest].
class FaultLoopTest {
  private static final DeviceInfo DEVICE = new DeviceInfo("0", "simulated", "", 0, List.of());

  /// Calls that nothing is wrong with take less, as a rule. Where one does not, it counts as a
  /// hang, and the call that was meant is tried again with more time.
  private static final List<Duration> HANG_LIMITS =
      List.of(Duration.ofMillis(60), Duration.ofMillis(500), Duration.ofSeconds(10));

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Set<String> MEMORY_CALLS =
      Set.of(
          "NeuronMemory_createFromFd",
          "NeuronMemory_free",
          "NeuronExecution_setInputFromMemory",
          "NeuronExecution_setOutputFromMemory");

  private Simulator simulator = Simulator.load();
  private final DecoderPart part = new DecoderPart();
  private final float[] expected = reference();

  @TempDir Path directory;

  @BeforeEach
  void reset() {
    simulator.reset();
    assertEquals(0, simulator.liveHandles());
  }

  @ParameterizedTest
  @CsvSource({"F16, PLAIN", "F16, FD", "W8A8, PLAIN", "W8A8, FD"})
  void withoutFaultsAllIsWell(Precision precision, MemoryKind memory) throws Exception {
    double tolerance = tolerance(precision);
    Tuning tuning = tuning(precision, LIMIT).withMemory(memory);
    Nmse.assertClose("first run", expected, run(tuning), tolerance);
    long first = simulator.calls();
    simulator.fault(Fault.NONE, 0);
    Nmse.assertClose("restored", expected, run(tuning), tolerance);
    assertEquals(memory == MemoryKind.FD, simulator.memoryBindings() > 0);
    assertTrue(simulator.calls() < first, "the second run restores what the first compiled");
    assertEquals(0, simulator.liveHandles());
    simulator.assertNothingShared();
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL, F16, PLAIN, false", "TRANSIENT, F16, PLAIN, false", "CORRUPT, F16, PLAIN, false",
    "FAIL, F16, FD, false", "TRANSIENT, F16, FD, false", "CORRUPT, F16, FD, false",
    "FAIL, W8A8, PLAIN, false", "TRANSIENT, W8A8, PLAIN, false", "CORRUPT, W8A8, PLAIN, false",
    "FAIL, F16, PLAIN, true", "TRANSIENT, F16, PLAIN, true", "CORRUPT, F16, PLAIN, true"
  })
  void everyCallMayGoWrong(
      Fault fault, Precision precision, MemoryKind memory, boolean isRequiredOnly)
      throws Exception {
    if (isRequiredOnly) { // without events, a run is one call
      simulator = Simulator.load(Simulator.REQUIRED_ONLY);
    }
    Tuning tuning = tuning(precision, LIMIT).withMemory(memory);
    long calls = 2 * countCalls(tuning);
    int failures = 0;
    for (long number = 1; number <= calls; number++) {
      clear(directory);
      simulator.fault(fault, number);
      // Twice: compiled networks are stored by the first and restored by the second.
      failures += outcome(fault, number, tuning) + outcome(fault, number, tuning);
      assertEquals(0, simulator.liveHandles(), "%s at call %d".formatted(fault, number));
    }
    simulator.assertNothingShared();
    assertTrue(failures > 0, "some failures cannot be helped");
  }

  /// Memory that the library takes at first and not later, or never, is used by its address.
  @Test
  void whatIsRefusedByDescriptorIsBoundByAddress() throws Exception {
    Tuning tuning = tuning(Precision.F16, LIMIT).withMemory(MemoryKind.FD);
    long calls = countCalls(tuning);
    int seen = 0;
    for (long number = 1; number <= calls; number++) {
      clear(directory);
      simulator.fault(Fault.FAIL, number);
      int failures = outcome(Fault.FAIL, number, tuning);
      if (simulator.faultFunction().contains("Memory")) {
        assertEquals(0, failures, "%s at call %d".formatted(simulator.faultFunction(), number));
        seen++;
      }
    }
    assertTrue(seen > 20, "calls about memory: " + seen);
    simulator.assertNothingShared();
  }

  @ParameterizedTest
  @CsvSource({"F16, PLAIN", "F16, FD", "W8A8, PLAIN"})
  void everyCallMayHang(Precision precision, MemoryKind memory) throws Exception {
    Tuning tuning = tuning(precision, LIMIT).withMemory(memory);
    long calls = countCalls(tuning);
    Set<String> seen = new HashSet<>();
    for (long number = 1; number <= calls; number++) {
      boolean wasHit = false;
      for (int i = 0; i < HANG_LIMITS.size() && !wasHit; i++) {
        wasHit = hangs(number, tuning.withLimits(HANG_LIMITS.get(i)));
      }
      assertTrue(wasHit, "call %d was never reached".formatted(number));
      seen.add(simulator.faultFunction());
    }
    simulator.assertNothingShared();
    assertTrue(seen.contains("NeuronEvent_wait"), seen.toString());
    assertTrue(seen.contains("NeuronCompilation_finish"), seen.toString());
    assertEquals(memory == MemoryKind.FD, seen.containsAll(MEMORY_CALLS), seen.toString());
  }

  /// Whether the call was reached; it hung then.
  private boolean hangs(long number, Tuning tuning) throws Exception {
    clear(directory);
    simulator.fault(Fault.HANG, number);
    outcome(Fault.HANG, number, tuning);
    simulator.endHang();
    for (int i = 0; i < 1000 && simulator.liveHandles() > 0; i++) {
      Thread.sleep(10);
    }
    assertEquals(
        0,
        simulator.liveHandles(),
        "hang at call %d, %s".formatted(number, simulator.faultFunction()));
    return simulator.wasHit();
  }

  /// 1 if it failed as it should, 0 if the result was right.
  private int outcome(Fault fault, long number, Tuning tuning) {
    String what = "%s at call %d".formatted(fault, number);
    try {
      float[] got = run(tuning);
      Nmse.assertClose(
          "%s, %s".formatted(what, simulator.faultFunction()),
          expected,
          got,
          tolerance(tuning.precision()));
      return 0;
    } catch (BackendException e) {
      assertFalse(e.getMessage().isBlank());
      assertTrue(
          e.getMessage().contains("returned")
              || e.getMessage().contains("no numbers")
              || e.getMessage().contains("come back")
              || e.getMessage().contains("came back"),
          "%s: %s".formatted(what, e.getMessage()));
      return 1;
    } catch (IllegalArgumentException e) {
      // The driver would not say whether it supports a node, which then is not supported.
      assertTrue(e.getMessage().contains("no support by the driver"), e.getMessage());
      return 1;
    }
  }

  private long countCalls(Tuning tuning) throws IOException {
    clear(directory);
    simulator.fault(Fault.NONE, 0);
    run(tuning);
    return simulator.calls();
  }

  private float[] run(Tuning tuning) {
    var device = new SimulatedDevice(simulator, SimulatedDevice.MDLA, tuning);
    try (Backend backend = device.open(DEVICE, BackendOptions.DEFAULTS)) {
      return part.run(backend);
    }
  }

  /// In 8 bits by the first row.
  private Tuning tuning(Precision precision, Duration limit) {
    return Tuning.DEFAULTS
        .withPrecision(precision)
        .withCalibrationRows(1)
        .withLimits(limit)
        .withFiles(directory);
  }

  /// Of the sum of the input and what the part adds to it.
  private static double tolerance(Precision precision) {
    return precision == Precision.F16 ? 1e-5 : 2e-3;
  }

  private float[] reference() {
    var provider = ScalarReference.provider();
    try (Backend backend = provider.open(DEVICE, BackendOptions.DEFAULTS)) {
      return part.run(backend);
    }
  }

  private static void clear(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
