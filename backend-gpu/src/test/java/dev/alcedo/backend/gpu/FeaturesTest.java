// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.backend.gpu.internal.compile.Use;
import dev.alcedo.backend.gpu.internal.opencl.OpenClDevice;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which optional features come of what a driver says.
class FeaturesTest {
  @Test
  void maliUsesAll() {
    var features =
        Features.of(
            device(
                "OpenCL C 3.0 v1.r46p0",
                true,
                "cl_khr_fp16",
                "cl_khr_subgroups",
                "cl_arm_integer_dot_product_int8"),
            "");
    assertEquals(new Features(Use.ON, Use.ON, Use.ON, true, "-cl-std=CL3.0"), features);
    assertEquals(
        "8-bit products, subgroups, 16-bit arithmetic, shared memory", features.describe());
  }

  @Test
  void subgroupsNeedALanguageThatHasThem() {
    var old = device("OpenCL C 1.2 ", false, "cl_khr_subgroups");
    assertEquals(Features.NONE, Features.of(old, ""));
    var newer = device("OpenCL C 2.0 ", false, "cl_khr_subgroups");
    assertEquals(
        new Features(Use.OFF, Use.ON, Use.OFF, false, "-cl-std=CL2.0"), Features.of(newer, ""));
  }

  @Test
  void languageIsTheOldOneWithoutSubgroups() {
    assertEquals(Features.NONE, Features.of(device("OpenCL C 3.0 ", false), ""));
  }

  @Test
  void allCanBeSwitchedOffOrEmulated() {
    var device = device("OpenCL C 3.0 ", true, "cl_khr_fp16");
    assertEquals(Features.NONE, Features.of(device, "none"));
    assertEquals(Features.EMULATED, Features.of(device, "emulated"));
    assertEquals("OpenCL 1.2 alone", Features.NONE.describe());
  }

  @Test
  void otherWishesAreRefused() {
    var device = device("OpenCL C 3.0 ", true);
    var e = assertThrows(InvalidRequestException.class, () -> Features.of(device, "fast"));
    assertEquals("OpenCL features: expected none or emulated, got 'fast'", e.getMessage());
  }

  private static OpenClDevice device(
      String language, boolean isMemoryShared, String... extensions) {
    return new OpenClDevice(
        "G", "1", "OpenCL 3.0", 4, 7, 1L << 30, language, isMemoryShared, List.of(extensions));
  }
}
