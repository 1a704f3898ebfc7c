// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.internal.probe.NeuronLibraries;
import dev.alcedo.runtime.api.spi.Availability.Available;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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

  private static final String DRIVER = "Neuron Adapter 8.2.240, ";

  @TempDir Path directory;

  @BeforeAll
  static void compiler() {
    Simulator.assumeCompiler();
  }

  @Test
  void devicesThatComputedAreOffered() throws Exception {
    Path library = build("DEVICES", "libneuron_adapter.so");
    List<DeviceInfo> devices = offered(alone(library));
    assertEquals(
        List.of(
            new DeviceInfo("0", "mtk-mdla", DRIVER + library, 0, List.of("simulated MDLA")),
            new DeviceInfo("1", "mtk- [31mvpu", DRIVER + library, 0, List.of("simulated VPU"))),
        devices);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TALKS", "FLOODS"})
  void talkOnTheSameStreamDisturbsNothing(String scenario) throws Exception {
    Path library = build(scenario, "libneuron_adapter.so");
    assertEquals(2, offered(alone(library)).size());
  }

  @Test
  void missingOptionalSymbolCostsOnlyTheDescription() throws Exception {
    Path library = build("NO_DESCRIPTION", "libneuron_adapter.so");
    assertEquals(List.of(), offered(alone(library)).getFirst().features());
  }

  @Test
  void deviceCanBeAskedFor() throws Exception {
    Path library = build("DEVICES", "libneuron_adapter.so");
    var environment = new HashMap<>(alone(library));
    environment.put(ApuSettings.DEVICE, "vpu");
    assertEquals("1", offered(environment).getFirst().id());
    environment.put(ApuSettings.DEVICE, "gpu");
    String reason = probe(environment, CHILD_LIMIT).reason();
    assertTrue(reason.startsWith("no Neuron device called 'gpu': " + library), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FAIL    | NeuronEvent_wait         | cannot be used: NeuronExecution_compute for network 'trial' returned 5 (NEURON_OP_FAILED)
          FAIL    | NeuronCompilation_finish | cannot be used: NeuronCompilation_finish for network 'trial' returned 5 (NEURON_OP_FAILED)
          CORRUPT | NeuronModel_create       | cannot be used: NeuronModel_create returned no handle and no error
          CORRUPT | NeuronEvent_wait         | cannot be used: trial network: element 0: expected -128.0, got NaN
          ABORT   | NeuronModel_finish       | ended its process with SIGABRT in the trial network on 'mtk-mdla', saying "simulated abort in NeuronModel_finish"
          ABORT   | NeuronEvent_wait         | ended its process with SIGABRT in the trial network on 'mtk-mdla', saying "simulated abort in NeuronEvent_wait"
          ABORT   | NeuronModel_free         | ended its process with SIGABRT in the trial network on 'mtk-mdla', saying "simulated abort in NeuronModel_free"
          """)
  void libraryThatCannotComputeIsFoundOutByTheChild(
      Simulator.Fault fault, String function, String expected) throws Exception {
    Path library = failing(fault, function);
    assertEquals(
        "no usable Neuron Adapter: %s %s".formatted(library, expected),
        probe(alone(library), CHILD_LIMIT).reason());
  }

  private Path failing(Simulator.Fault fault, String function) throws Exception {
    return Simulator.build(
        directory.resolve("libneuron_adapter.so"),
        "-O0",
        "-DSIM_FAULT_KIND=" + fault.ordinal(),
        "-DSIM_FAULT_FUNCTION=\"%s\"".formatted(function));
  }

  /// Only where it is asked for, and then before this process uses it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NeuronMemory_createFromFd          | the trial of memory by descriptor
          NeuronExecution_setInputFromMemory | the trial network on 'mtk-mdla', inputs and outputs in memory of
          """)
  void libraryThatCannotShareMemoryIsFoundOutByTheChild(String function, String where)
      throws Exception {
    Path library = failing(Simulator.Fault.ABORT, function);
    assertEquals(1, offered(alone(library)).size()); // the MDLA; its CPU is no APU
    Unavailable answer = probe(sharing(library), CHILD_LIMIT);
    assertTrue(answer.reason().contains("ended its process with SIGABRT in " + where), answer + "");
    assertTrue(answer.remedy().startsWith("try ALCEDO_NEURON_MEMORY=plain, "), answer.remedy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NeuronMemory_createFromFd", "NeuronExecution_setOutputFromMemory"})
  void libraryThatRefusesMemoryIsUsedWithoutIt(String function) throws Exception {
    Path library = failing(Simulator.Fault.FAIL, function);
    assertEquals("mtk-mdla", offered(sharing(library)).getFirst().name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TOO_OLD       | is version 4.255.255, and 5.0.0 is the oldest that Alcedo can use
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
    List<DeviceInfo> devices = offered(Map.of("LD_LIBRARY_PATH", directory.toString()));
    assertEquals(DRIVER + second, devices.getFirst().driver());
    assertTrue(Files.exists(first) && Files.exists(third)); // what could have been chosen
  }

  private Path build(String scenario, String name) throws Exception {
    return FakeNeuron.build(scenario, directory.resolve(name));
  }

  private static Map<String, String> alone(Path library) {
    return Map.of(NeuronLibraries.VARIABLE, library.toString());
  }

  private static Map<String, String> sharing(Path library) {
    var environment = new HashMap<>(alone(library));
    environment.put(ApuSettings.MEMORY, "fd");
    return environment;
  }

  private static List<DeviceInfo> offered(Map<String, String> environment) {
    var provider = new ApuBackendProvider(environment, "Linux", CHILD_LIMIT);
    return assertInstanceOf(Available.class, provider.probe()).devices();
  }

  private static Unavailable probe(Map<String, String> environment, Duration childLimit) {
    var provider = new ApuBackendProvider(environment, "Linux", childLimit);
    return assertInstanceOf(Unavailable.class, provider.probe());
  }
}
