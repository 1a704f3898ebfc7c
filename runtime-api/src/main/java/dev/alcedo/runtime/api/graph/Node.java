// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import java.util.List;
import java.util.stream.Collectors;

/// One use of an op.
///
/// @param inputs in the order of the table in [Op]
public record Node(Op op, List<Value> inputs, Value output) {
  /// Copies the list.
  public Node {
    inputs = List.copyOf(inputs);
  }

  /// E.g. `MatMul(blk.0.ffn_norm [1, 256] F32, blk.0.ffn_up.weight [512, 256] Q8_0)`.
  public String describe() {
    return inputs.stream()
        .map(v -> "%s %s %s".formatted(v.name(), v.shape(), v.dtype()))
        .collect(Collectors.joining(", ", op.opName() + "(", ")"));
  }
}
