// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.internal.probe.NeuronLibraries;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The provider against a simulated Neuron Adapter in real child processes, one build of it per
/// scenario.
class FakeNeuronProbeTest {
  /// Generous, since no outcome but the hang's depends on it.
  private static final Duration CHILD_LIMIT = Duration.ofSeconds(120);

  private static final String DEVICES =
      "(version 8.2.240) lists 'mtk-mdla' (simulated MDLA), 'mtk- [31mvpu' (simulated VPU)";

  @TempDir Path directory;

  @BeforeAll
  static void compiler() {
    FakeNeuron.assumeCompiler();
  }

  @Test
  void devicesAreReportedButNotOffered() throws Exception {
    Path library = build("DEVICES", "libneuron_adapter.so");
    Unavailable answer = probe(alone(library), CHILD_LIMIT);
    assertEquals(
        "this version of Alcedo lists Neuron devices and does not compute on them yet; "
            + library
            + " "
            + DEVICES,
        answer.reason());
    assertTrue(answer.remedy().startsWith("use the cpu backend"), answer.remedy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TALKS", "FLOODS"})
  void talkOnTheSameStreamDisturbsNothing(String scenario) throws Exception {
    Path library = build(scenario, "libneuron_adapter.so");
    assertTrue(probe(alone(library), CHILD_LIMIT).reason().endsWith(library + " " + DEVICES));
  }

  @Test
  void missingOptionalSymbolCostsOnlyTheDescription() throws Exception {
    Path library = build("NO_DESCRIPTION", "libneuron_adapter.so");
    String reason = probe(alone(library), CHILD_LIMIT).reason();
    assertTrue(reason.endsWith("lists 'mtk-mdla', 'mtk- [31mvpu'"), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TOO_OLD       | is version 6.255.255, and 7.0.0 is the oldest that Alcedo can use
          NO_DEVICE     | (version 8.2.240) lists no device
          MISSING_SYMBOL| cannot be used: it does not export NeuronDevice_getName
          BAD_VERSION   | cannot be used: Neuron_getVersion returned 8 (NEURON_BAD_VERSION)
          ABSURD_COUNT  | cannot be used: Neuron_getDeviceCount: expected 0 to 64, got 4294967295
          LIES          | cannot be used: its probe printed what is no message: not a Neuron version: 8.2.24.1
          ABORT         | ended its process with SIGABRT in Neuron_getVersion, saying "terminate called after throwing an instance of 'simulated::Error'"
          ABORT_IN_LOAD | ended its process with SIGABRT in dlopen
          ABORT_AT_EXIT | ended its process with SIGABRT in exit(), after all answers
          SEGFAULT      | ended its process with SIGSEGV in Neuron_getVersion
          EXIT          | ended its process with exit status 0 in Neuron_getVersion
          """,
      quoteCharacter = '\0')
  void unusableLibraryIsAReason(String scenario, String expected) throws Exception {
    Path library = build(scenario, "libneuron_adapter.so");
    assertEquals(
        "no usable Neuron Adapter: %s %s".formatted(library, expected),
        probe(alone(library), CHILD_LIMIT).reason());
  }

  @Test
  void hangIsCutOffAndTheChildKilled() throws Exception {
    Path library = build("HANG", "libneuron_adapter.so");
    String reason = probe(alone(library), Duration.ofSeconds(3)).reason();
    // Where it hung depends on how far a busy machine came in that time; TranscriptTest has that.
    assertTrue(reason.contains("libneuron_adapter.so did not come back from "), reason);
    assertTrue(reason.endsWith(" within 3.0 s"), reason);
    List<ProcessHandle> left =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(library.toString()))
            .toList();
    for (ProcessHandle child : left) { // killed, if not yet gone; waits forever if it is not
      child.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @CsvSource({"TOO_OLD", "ABORT", "MISSING_SYMBOL"})
  void unacceptableLibraryDoesNotEndTheSearch(String scenario) throws Exception {
    Path first = build(scenario, "libneuronusdk_adapter.mtk.so");
    Path second = build("DEVICES", "libneuron_adapter_mgvi.so");
    Path third = build("ABORT_IN_LOAD", "libneuron_adapter.so");
    String reason = probe(Map.of("LD_LIBRARY_PATH", directory.toString()), CHILD_LIMIT).reason();
    assertTrue(reason.contains("; " + first + " "), reason);
    assertTrue(reason.endsWith("; " + second + " " + DEVICES), reason);
    assertTrue(!reason.contains(third.toString()), "searched past an acceptable one: " + reason);
  }

  private Path build(String scenario, String name) throws Exception {
    return FakeNeuron.build(scenario, directory.resolve(name));
  }

  private static Map<String, String> alone(Path library) {
    return Map.of(NeuronLibraries.VARIABLE, library.toString());
  }

  private static Unavailable probe(Map<String, String> environment, Duration childLimit) {
    var provider = new ApuBackendProvider(environment, "Linux", childLimit);
    return assertInstanceOf(Unavailable.class, provider.probe());
  }
}
