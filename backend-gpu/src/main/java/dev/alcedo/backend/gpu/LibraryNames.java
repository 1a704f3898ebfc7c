// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import java.util.List;
import java.util.Map;

/// Where OpenCL is looked for.
final class LibraryNames {
  /// A library's name or absolute path to try alone, or [#NONE].
  static final String VARIABLE = "ALCEDO_OPENCL_LIBRARY";

  /// Value of [#VARIABLE] that switches the backend off.
  static final String NONE = "none";

  /// The loader's versioned name comes first, since the plain one exists only in development
  /// packages on Debian and Ubuntu. Then Android's places; then Mali's driver itself, which answers
  /// OpenCL on boards that have no loader.
  private static final List<String> SEARCHED =
      List.of(
          "libOpenCL.so.1",
          "libOpenCL.so",
          "/vendor/lib64/libOpenCL.so",
          "/system/vendor/lib64/libOpenCL.so",
          "/vendor/lib64/egl/libGLES_mali.so",
          "libmali.so.1",
          "libmali.so",
          "/usr/lib/aarch64-linux-gnu/libmali.so");

  private LibraryNames() {}

  /// Names and paths in search order; empty if switched off.
  static List<String> of(Map<String, String> environment) {
    String chosen = environment.getOrDefault(VARIABLE, "").strip();
    if (chosen.isEmpty()) {
      return SEARCHED;
    }
    return chosen.equals(NONE) ? List.of() : List.of(chosen);
  }
}
