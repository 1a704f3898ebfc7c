// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.gpu.internal.opencl.LibraryReport;
import dev.alcedo.backend.gpu.internal.opencl.OpenClDevice;
import dev.alcedo.backend.gpu.internal.opencl.OpenClProbe;
import dev.alcedo.runtime.api.spi.Availability.Available;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The probe against a simulated OpenCL library, one build of it per scenario.
class FakeOpenClProbeTest {
  @TempDir static Path directory;

  @BeforeAll
  static void compiler() {
    FakeOpenCl.assumeCompiler();
  }

  @Test
  void readsEveryFieldOfAGpu() throws Exception {
    List<LibraryReport> reports = OpenClProbe.run(List.of(fake("ONE_GPU")));
    OpenClDevice device = reports.getFirst().platforms().getFirst().devices().getFirst();
    assertEquals(
        new OpenClDevice(
            "Simulated-G1",
            "1.2.3",
            "OpenCL 3.0 simulated",
            4,
            7,
            3L << 30,
            "OpenCL C 3.0 simulated",
            false,
            List.of("cl_khr_fp16", "cl_khr_something")),
        device);
    assertTrue(reports.getFirst().hasGpu());
  }

  @Test
  void gpuIsOffered() throws Exception {
    String library = fake("ONE_GPU");
    var provider = new GpuBackendProvider(Map.of(LibraryNames.VARIABLE, library), "Linux");
    assertEquals(
        new Available(
            List.of(
                new DeviceInfo(
                    "0.0",
                    "Simulated-G1",
                    "Simulated Platform, driver 1.2.3",
                    3L << 30,
                    List.of(
                        "OpenCL 3.0 simulated",
                        "GPU",
                        "7 compute units",
                        "cl_khr_fp16",
                        "kernels with 16-bit arithmetic")))),
        provider.probe());
  }

  @Test
  void featuresCanBeChosenAndMisspelt() throws Exception {
    String library = fake("ONE_GPU");
    assertTrue(
        features(library, "emulated")
            .contains(
                "kernels with emulated 8-bit products, emulated subgroups, emulated 16-bit"
                    + " arithmetic"));
    assertTrue(features(library, "none").contains("kernels with OpenCL 1.2 alone"));
    var environment =
        Map.of(LibraryNames.VARIABLE, library, OfferedDevices.FEATURES, "all of them");
    var answer =
        assertInstanceOf(Unavailable.class, new GpuBackendProvider(environment, "Linux").probe());
    assertEquals(
        "OpenCL features: expected none or emulated, got 'all of them' in ALCEDO_OPENCL_FEATURES",
        answer.reason());
  }

  private static List<String> features(String library, String wish) {
    var environment = Map.of(LibraryNames.VARIABLE, library, OfferedDevices.FEATURES, wish);
    var available =
        assertInstanceOf(Available.class, new GpuBackendProvider(environment, "Linux").probe());
    return available.devices().getFirst().features();
  }

  @Test
  void cpuDeviceIsOfferedWhenAskedFor() throws Exception {
    Map<String, String> environment =
        Map.of(LibraryNames.VARIABLE, fake("CPU_ONLY"), OfferedDevices.VARIABLE, "any");
    var provider = new GpuBackendProvider(environment, "Linux");
    var available = assertInstanceOf(Available.class, provider.probe());
    assertEquals("Simulated-G1", available.devices().getFirst().name());
    assertTrue(available.devices().getFirst().features().contains("CPU"));
  }

  @Test
  void noDriverIsNoFailure() throws Exception {
    assertReason(
        "NO_DRIVER", "finds no driver (clGetPlatformIDs: -1001 (CL_PLATFORM_NOT_FOUND_KHR))");
  }

  @Test
  void noPlatform() throws Exception {
    assertReason("NO_PLATFORM", "lists no platform");
  }

  @Test
  void platformWithoutDevice() throws Exception {
    assertReason(
        "NO_DEVICE", "has platform 'Simulated Platform' (OpenCL 3.0 simulated) with no device");
  }

  @Test
  void cpuDeviceIsNoGpu() throws Exception {
    assertReason(
        "CPU_ONLY",
        "has platform 'Simulated Platform' (OpenCL 3.0 simulated) with CPU 'Simulated-G1' "
            + "(driver 1.2.3, 7 compute units, 3.0 GiB, cl_khr_fp16)");
  }

  @Test
  void failingCallIsNamedWithItsCode() throws Exception {
    assertReason(
        "FAILING_CALL",
        "has platform 'Simulated Platform' (OpenCL 3.0 simulated) with failed: "
            + "clGetDeviceInfo(CL_DRIVER_VERSION) returned -5 (CL_OUT_OF_RESOURCES)");
  }

  @Test
  void missingSymbolIsNamed() throws Exception {
    assertReason("MISSING_SYMBOL", "it does not export clGetDeviceInfo");
  }

  @Test
  void absurdPlatformCountIsRefused() throws Exception {
    assertReason(
        "ABSURD_COUNT",
        "dev.alcedo.runtime.api.BackendException: clGetPlatformIDs: expected a count of 0 to 256,"
            + " got 4294967295");
  }

  @Test
  void absurdTextSizeIsRefused() throws Exception {
    assertReason(
        "ABSURD_TEXT",
        "has platform 'Simulated Platform' (OpenCL 3.0 simulated) with failed: "
            + "clGetDeviceInfo(CL_DEVICE_EXTENSIONS): expected a text of up to 1048576 bytes,"
            + " got one of 18446744073709551615");
  }

  @Test
  void driverTextCannotSteerATerminal() throws Exception {
    assertEquals("Evil [2J GPU", offered(fake("HOSTILE_TEXT")).getFirst().name());
  }

  @Test
  void brokenPlatformDoesNotHideTheOther() throws Exception {
    String library = fake("SECOND_PLATFORM_FAILS");
    assertEquals("Simulated-G1", offered(library).getFirst().name());
    assertEquals(
        Optional.of("clGetPlatformInfo(CL_PLATFORM_NAME) returned -5 (CL_OUT_OF_RESOURCES)"),
        OpenClProbe.run(List.of(library)).getFirst().platforms().get(1).problem());
  }

  @Test
  void searchGoesOnUntilALibraryHasAGpu() throws Exception {
    List<String> libraries =
        List.of(
            directory.resolve("libabsent.so").toString(),
            fake("MISSING_SYMBOL"),
            fake("NO_DRIVER"),
            fake("ONE_GPU"),
            fake("CPU_ONLY"));
    List<LibraryReport> reports = OpenClProbe.run(libraries);
    assertEquals(libraries.subList(0, 4), reports.stream().map(LibraryReport::library).toList());
    assertTrue(reports.getLast().hasGpu());
  }

  private static void assertReason(String scenario, String expected) throws Exception {
    String library = fake(scenario);
    assertEquals("no OpenCL GPU: %s %s".formatted(library, expected), probe(library).reason());
  }

  private static List<DeviceInfo> offered(String library) {
    var provider = new GpuBackendProvider(Map.of(LibraryNames.VARIABLE, library), "Linux");
    return assertInstanceOf(Available.class, provider.probe()).devices();
  }

  private static Unavailable probe(String library) {
    var provider = new GpuBackendProvider(Map.of(LibraryNames.VARIABLE, library), "Linux");
    return assertInstanceOf(Unavailable.class, provider.probe());
  }

  private static String fake(String scenario) throws Exception {
    return new FakeOpenCl(directory).library(scenario);
  }
}
