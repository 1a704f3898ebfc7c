// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Single items of a batch of inputs.
final class GraphSlices {
  private GraphSlices() {}

  /// The F32 inputs of item `i`.
  static Map<Value, Object> item(Map<Value, Object> inputs, int i) {
    Map<Value, Object> one = new LinkedHashMap<>();
    inputs.forEach((value, array) -> {
      int length = Math.toIntExact(value.shape().elementCount());
      one.put(value, Arrays.copyOfRange((float[]) array, i * length, (i + 1) * length));
    });
    return one;
  }
}
