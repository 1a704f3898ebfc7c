// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.internal.probe.NeuronLibraries;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The provider on this machine, whatever it has, and where there is nothing to load.
class ApuBackendProviderTest {
  @Test
  void isFoundAsAServiceWithItsPublishedWeight() {
    // In the house only the core looks for providers; here this module's tests do, patched into it.
    ApuBackendProviderTest.class.getModule().addUses(BackendProvider.class);
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .filter(candidate -> candidate.type() == ApuBackendProvider.class)
            .findFirst()
            .orElseThrow()
            .get();
    assertEquals("apu", provider.id());
    assertEquals(300, provider.weight());
  }

  @Test
  void realMachineGetsAReasonAndARemedy() {
    Unavailable answer = assertInstanceOf(Unavailable.class, new ApuBackendProvider().probe());
    assertFalse(answer.reason().isBlank());
    assertFalse(answer.reason().contains("\n"), answer.reason());
    assertTrue(answer.remedy().contains("cpu backend"), answer.remedy());
  }

  @Test
  void missingFileIsNamed(@TempDir Path directory) {
    Path library = directory.resolve("libneuron_adapter.so");
    Unavailable answer = probe(Map.of(NeuronLibraries.VARIABLE, library.toString()));
    assertEquals("no Neuron Adapter library: there is no file " + library, answer.reason());
    assertTrue(answer.remedy().contains(NeuronLibraries.VARIABLE), answer.remedy());
  }

  @Test
  void missingNameIsLookedForEverywhere(@TempDir Path directory) {
    Unavailable answer =
        probe(
            Map.of(
                NeuronLibraries.VARIABLE,
                "libno-such-neuron.so",
                "LD_LIBRARY_PATH",
                directory.toString()));
    assertTrue(
        answer.reason().startsWith("no Neuron Adapter library: none of libno-such-neuron.so in "),
        answer.reason());
    assertTrue(answer.reason().contains(directory + ", /system_ext/lib64, "), answer.reason());
  }

  @Test
  void fileThatIsNoLibraryIsAReason(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("libneuron_adapter.so"), "not an ELF file");
    Unavailable answer = probe(Map.of(NeuronLibraries.VARIABLE, file.toString()));
    String start = "no usable Neuron Adapter: %s cannot be used: %s: ".formatted(file, file);
    assertTrue(answer.reason().startsWith(start), answer.reason());
  }

  @Test
  void settingThatIsNoneIsAReason(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("libneuron_adapter.so"), "never loaded");
    Unavailable answer =
        probe(Map.of(NeuronLibraries.VARIABLE, file.toString(), ApuSettings.MEMORY, "dma"));
    assertEquals(
        "environment variable ALCEDO_NEURON_MEMORY: expected one of plain, fd, got 'dma'",
        answer.reason());
  }

  @Test
  void canBeSwitchedOff() {
    Unavailable answer = probe(Map.of(NeuronLibraries.VARIABLE, "none"));
    assertEquals(
        "the Neuron Adapter is switched off by ALCEDO_NEURON_LIBRARY=none", answer.reason());
  }

  @Test
  void otherSystemsAreToldSo() {
    var provider = new ApuBackendProvider(Map.of(), "Plan 9", Duration.ofSeconds(1));
    var answer = assertInstanceOf(Unavailable.class, provider.probe());
    assertTrue(answer.reason().endsWith("this is Plan 9"), answer.reason());
  }

  @Test
  void openRefusesWithReasonAndRemedy() {
    var provider =
        new ApuBackendProvider(
            Map.of(NeuronLibraries.VARIABLE, "none"), "Linux", Duration.ofSeconds(1));
    var device = new DeviceInfo("0", "none", "none", 0, List.of());
    var e =
        assertThrows(
            BackendUnavailableException.class,
            () -> provider.open(device, BackendOptions.DEFAULTS));
    assertTrue(e.getMessage().startsWith("apu: the Neuron Adapter is switched"), e.getMessage());
    assertTrue(e.getMessage().contains("unset ALCEDO_NEURON_LIBRARY"), e.getMessage());
  }

  private static Unavailable probe(Map<String, String> environment) {
    var provider = new ApuBackendProvider(environment, "Linux", Duration.ofSeconds(60));
    return assertInstanceOf(Unavailable.class, provider.probe());
  }
}
