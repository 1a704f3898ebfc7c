// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.graph.Node;
import java.util.List;
import java.util.Optional;

/// Consecutive nodes of a graph that one kernel can compute.
sealed interface Fusion {
  /// Position of the first node.
  int start();

  /// Position of the last node.
  int end();

  /// Products of one row with what stands before and after them.
  ///
  /// @param norm whose output all products read, and nobody else
  /// @param products one to three of the same x, dtype and row length
  /// @param gate the activation of the first of two products, which a `Mul` joins with the second
  /// @param last the `Mul` of a gate, or the `Add` of one product with something else
  record Products(
      int start,
      int end,
      Optional<Node> norm,
      List<Node> products,
      Optional<Node> gate,
      Optional<Node> last)
      implements Fusion {}

  /// Two rotations by the same positions.
  record Ropes(int start, int end, Node first, Node second) implements Fusion {}
}
