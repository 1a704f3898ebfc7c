// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.spi.Availability.Available;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The provider on this machine, whatever it has, and where there is nothing to load.
class GpuBackendProviderTest {
  @Test
  void isFoundAsAServiceWithItsPublishedWeight() {
    // In the house only the core looks for providers; here this module's tests do, patched into it.
    GpuBackendProviderTest.class.getModule().addUses(BackendProvider.class);
    BackendProvider provider =
        ServiceLoader.load(BackendProvider.class).stream()
            .filter(candidate -> candidate.type() == GpuBackendProvider.class)
            .findFirst()
            .orElseThrow()
            .get();
    assertEquals("gpu", provider.id());
    assertEquals(200, provider.weight());
  }

  @Test
  void realMachineGetsDevicesOrAReasonAndARemedy() {
    switch (new GpuBackendProvider(Map.of(), "Linux").probe()) {
      case Available(var devices) ->
          devices.forEach(
              device -> assertTrue(device.features().contains("GPU"), () -> "" + device));
      case Unavailable(String reason, String remedy, _) -> {
        assertFalse(reason.isBlank());
        assertTrue(remedy.contains("cpu backend"), remedy);
        assertFalse(reason.contains("\n"), reason);
      }
    }
  }

  @Test
  void missingLibraryIsNamed(@TempDir Path directory) {
    String path = directory.resolve("libOpenCL.so.1").toString();
    Unavailable answer = probe(Map.of(LibraryNames.VARIABLE, path));
    assertEquals("no OpenCL GPU: not found: " + path, answer.reason());
    assertTrue(answer.remedy().contains(LibraryNames.VARIABLE), answer.remedy());
  }

  @Test
  void missingBareNameIsNamed() {
    Unavailable answer = probe(Map.of(LibraryNames.VARIABLE, "libalcedo-no-such.so.1"));
    assertEquals("no OpenCL GPU: not found: libalcedo-no-such.so.1", answer.reason());
  }

  @Test
  void fileThatIsNoLibraryIsAReason(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("libOpenCL.so"), "not an ELF file");
    Unavailable answer = probe(Map.of(LibraryNames.VARIABLE, file.toString()));
    assertTrue(answer.reason().startsWith("no OpenCL GPU: " + file), answer.reason());
    assertInstanceOf(UnsatisfiedLinkError.class, answer.cause().orElseThrow());
  }

  @Test
  void canBeSwitchedOff() {
    Unavailable answer = probe(Map.of(LibraryNames.VARIABLE, "none"));
    assertEquals("OpenCL is switched off by ALCEDO_OPENCL_LIBRARY=none", answer.reason());
  }

  @Test
  void otherSystemsAreToldSo() {
    var provider = new GpuBackendProvider(Map.of(), "Plan 9");
    var answer = assertInstanceOf(Unavailable.class, provider.probe());
    assertTrue(answer.reason().endsWith("this is Plan 9"), answer.reason());
  }

  @Test
  void openRefusesWithReasonAndRemedy() {
    var provider = new GpuBackendProvider(Map.of(LibraryNames.VARIABLE, "none"), "Linux");
    var device = new DeviceInfo("0", "none", "none", 0, List.of());
    var e =
        assertThrows(
            BackendUnavailableException.class,
            () -> provider.open(device, BackendOptions.DEFAULTS));
    assertTrue(e.getMessage().startsWith("gpu: OpenCL is switched off"), e.getMessage());
    assertTrue(e.getMessage().contains("unset ALCEDO_OPENCL_LIBRARY"), e.getMessage());
  }

  private static Unavailable probe(Map<String, String> environment) {
    return assertInstanceOf(
        Unavailable.class, new GpuBackendProvider(environment, "Linux").probe());
  }
}
