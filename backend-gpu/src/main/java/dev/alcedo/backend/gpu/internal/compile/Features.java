// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.List;

/// The optional features of a device that kernels use; everything else is OpenCL 1.2.
///
/// @param integerDot whether few rows are multiplied in 8 bits
public record Features(IntegerDot integerDot) {
  /// OpenCL 1.2 alone.
  public static final Features NONE = new Features(IntegerDot.NONE);

  private static final String ARM_DOT = "cl_arm_integer_dot_product_int8";

  /// Those of a device, or what somebody wants instead.
  ///
  /// @param extensions of the device
  /// @param wish empty for what the device has, `none`, or `emulated`
  /// @throws InvalidRequestException for any other wish
  public static Features of(List<String> extensions, String wish) {
    return switch (wish) {
      case "" -> new Features(extensions.contains(ARM_DOT) ? IntegerDot.ARM : IntegerDot.NONE);
      case "none" -> NONE;
      case "emulated" -> new Features(IntegerDot.EMULATED);
      default ->
          throw new InvalidRequestException(
              "OpenCL features: expected none or emulated, got '%s'".formatted(wish));
    };
  }

  /// For people: what kernels need.
  public String describe() {
    return switch (integerDot) {
      case NONE -> "OpenCL 1.2 alone";
      case ARM -> "8-bit products";
      case EMULATED -> "8-bit products, emulated";
    };
  }
}
