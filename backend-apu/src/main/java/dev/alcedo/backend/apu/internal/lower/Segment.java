// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Consecutive nodes that become one network, or an attention with a KV cache, which stands alone:
/// its networks hold no weights, and one serves all blocks.
///
/// @param nodes those that outputs depend on, in order
/// @param outputs what later segments or the caller read
public record Segment(List<Node> nodes, List<Value> outputs) {
  /// Copies the lists.
  public Segment {
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
  }

  /// The products of this segment that are to be computed in 8 bits: those whose result stays
  /// within the graph. What leaves it, logits as a rule, would have 256 different values.
  public List<Node> products(Graph graph) {
    return nodes.stream()
        .filter(node -> node.op() instanceof Op.MatMul)
        .filter(node -> !graph.outputs().contains(node.output()))
        .toList();
  }

  /// The same with more outputs.
  public Segment showing(Collection<Value> values) {
    Set<Value> all = new LinkedHashSet<>(outputs);
    all.addAll(values);
    return new Segment(nodes, List.copyOf(all));
  }

  /// Whether this is an attention with a KV cache.
  public boolean isCached() {
    return isCached(nodes.getFirst());
  }

  private static boolean isCached(Node node) {
    return node.op() instanceof Op.Attention op && op.isCausal();
  }

  /// The segments of `graph`, in order; nodes that nobody reads are left out.
  public static List<Segment> of(Graph graph) {
    List<List<Node>> runs = new ArrayList<>();
    boolean isOpen = false;
    for (Node node : graph.nodes()) {
      if (isCached(node) || !isOpen) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(node);
      isOpen = !isCached(node);
    }
    Set<Value> wanted = new HashSet<>(graph.outputs());
    List<Segment> segments = new ArrayList<>();
    for (List<Node> run : runs.reversed()) {
      Segment segment = needed(run, wanted);
      if (!segment.nodes().isEmpty()) {
        segments.addFirst(segment);
      }
    }
    return segments;
  }

  /// A causal attention stores keys and values, so that it is needed whether or not it is read.
  private static Segment needed(List<Node> run, Set<Value> wanted) {
    Set<Value> outputs = new LinkedHashSet<>();
    List<Node> nodes = new ArrayList<>();
    Set<Value> inner = new HashSet<>();
    for (Node node : run.reversed()) {
      boolean isOutput = wanted.contains(node.output());
      if (isOutput || inner.contains(node.output()) || isCached(node)) {
        nodes.addFirst(node);
        inner.addAll(node.inputs());
        if (isOutput || isCached(node)) {
          outputs.add(node.output());
        }
      }
    }
    wanted.addAll(inner);
    return new Segment(nodes, List.copyOf(outputs));
  }
}
