// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.Support;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Decides which nodes of a graph run on the chosen backend and which fall back, without changing
/// the graph: it tags nodes and groups neighbours with the same tag.
final class Partitioner {
  private Partitioner() {}

  /// Consecutive nodes for one backend.
  record Part(Backend backend, List<Node> nodes) {}

  /// The parts in order.
  ///
  /// @param fallbacks nodes that the chosen backend does not support, each with its reason
  record Partition(List<Part> parts, List<String> fallbacks) {}

  /// Partitions `graph`.
  ///
  /// @param fallback where unsupported nodes go, asked only for such nodes, because it may start
  ///   threads; empty if there is nothing else
  /// @throws UnsupportedModelException if neither supports a node; names op, dtypes and both
  ///   reasons
  static Partition partition(Graph graph, Backend chosen, Supplier<Optional<Backend>> fallback) {
    List<Part> parts = new ArrayList<>();
    List<String> fallbacks = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Backend backend = chosen;
      if (chosen.supports(node) instanceof Support.Unsupported(String why)) {
        backend = fallbackFor(graph, node, why, fallback.get());
        fallbacks.add("%s: %s".formatted(node.describe(), why));
      }
      if (parts.isEmpty() || parts.getLast().backend() != backend) {
        parts.add(new Part(backend, new ArrayList<>()));
      }
      parts.getLast().nodes().add(node);
    }
    return new Partition(parts, fallbacks);
  }

  private static Backend fallbackFor(
      Graph graph, Node node, String why, Optional<Backend> fallback) {
    if (fallback.isPresent()) {
      switch (fallback.get().supports(node)) {
        case Support.Supported _ -> {
          return fallback.get();
        }
        case Support.Unsupported(String fallbackWhy) -> {
          if (!fallbackWhy.equals(why)) {
            why = "%s; on %s: %s".formatted(why, Devices.FALLBACK, fallbackWhy);
          }
        }
      }
    }
    throw new UnsupportedModelException(
        "graph '%s': no backend runs %s: %s".formatted(graph.name(), node.describe(), why));
  }
}
