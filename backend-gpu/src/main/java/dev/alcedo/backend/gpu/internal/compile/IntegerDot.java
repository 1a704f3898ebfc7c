// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

/// How products of four signed bytes with four others are summed up.
public enum IntegerDot {
  /// Not at all: activations stay floats.
  NONE(""),
  /// `arm_dot` of `cl_arm_integer_dot_product_int8`.
  ARM(" -DARM_DOT"),
  /// Byte by byte: the same numbers, slower than floats; for tests of what depends on it.
  EMULATED("");

  private final String option;

  IntegerDot(String option) {
    this.option = option;
  }

  /// The compiler's option, with a blank before it.
  String option() {
    return option;
  }
}
