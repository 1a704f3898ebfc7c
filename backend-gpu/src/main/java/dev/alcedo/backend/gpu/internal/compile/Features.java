// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.OpenClDevice;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/// The optional features of a device that are used; everything else is OpenCL 1.2.
///
/// @param integerDot products of 8 bits, for one row (`cl_arm_integer_dot_product_int8`)
/// @param subgroups reductions without local memory (`cl_khr_subgroups`)
/// @param fp16 arithmetic in 16 bits, where many rows meet quantised weights (`cl_khr_fp16`)
/// @param isMemoryShared whether the host's memory is the device's, so that nothing need be copied
/// @param language the compiler's option that subgroups need
public record Features(
    Use integerDot, Use subgroups, Use fp16, boolean isMemoryShared, String language) {
  private static final String OPENCL_1_2 = "-cl-std=CL1.2";

  /// OpenCL 1.2 alone.
  public static final Features NONE = all(Use.OFF, false);

  /// Whatever can be emulated.
  public static final Features EMULATED = all(Use.EMULATED, true);

  private static Features all(Use use, boolean isMemoryShared) {
    return new Features(use, use, use, isMemoryShared, OPENCL_1_2);
  }

  /// Those of a device, or what somebody wants instead.
  ///
  /// @param wish empty for what the device has, `none`, or `emulated`
  /// @throws InvalidRequestException for any other wish
  public static Features of(OpenClDevice device, String wish) {
    return switch (wish) {
      case "" -> of(device);
      case "none" -> NONE;
      case "emulated" -> all(Use.EMULATED, device.isMemoryShared());
      default ->
          throw new InvalidRequestException(
              "OpenCL features: expected none or emulated, got '%s'".formatted(wish));
    };
  }

  private static Features of(OpenClDevice device) {
    String language =
        device.language().startsWith("OpenCL C 3.")
            ? "-cl-std=CL3.0"
            : device.language().startsWith("OpenCL C 2.") ? "-cl-std=CL2.0" : OPENCL_1_2;
    Use subgroups = language.equals(OPENCL_1_2) ? Use.OFF : use(device, "cl_khr_subgroups");
    return new Features(
        use(device, "cl_arm_integer_dot_product_int8"),
        subgroups,
        use(device, "cl_khr_fp16"),
        device.isMemoryShared(),
        subgroups == Use.ON ? language : OPENCL_1_2);
  }

  private static Use use(OpenClDevice device, String extension) {
    return device.extensions().contains(extension) ? Use.ON : Use.OFF;
  }

  /// Sources before all others, which give kernels what they ask for.
  List<String> sources() {
    var sources = new ArrayList<String>();
    add(integerDot, "arm_dot", sources);
    add(subgroups, "subgroups", sources);
    add(fp16, "fp16", sources);
    return sources;
  }

  private static void add(Use use, String name, List<String> sources) {
    switch (use) {
      case ON -> sources.add("has_" + name);
      case EMULATED -> sources.add("emulated_" + name);
      case OFF -> {}
    }
  }

  /// For people: what kernels need.
  public String describe() {
    var parts = new ArrayList<String>();
    describe(integerDot, "8-bit products", parts);
    describe(subgroups, "subgroups", parts);
    describe(fp16, "16-bit arithmetic", parts);
    if (isMemoryShared) {
      parts.add("shared memory");
    }
    return parts.isEmpty() ? "OpenCL 1.2 alone" : String.join(", ", parts);
  }

  private static void describe(Use use, String name, List<String> parts) {
    switch (use) {
      case ON -> parts.add(name);
      case EMULATED -> parts.add("emulated " + name);
      case OFF -> {}
    }
  }
}
