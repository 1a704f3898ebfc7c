// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// What a backend says it supports, as lines of text to compare with a golden file: op by op, and
/// for ops that read weights, dtype by dtype.
public final class SupportMatrix {
  private static final int SIDE = 256;
  private static final Op.Rope.Sections SECTIONS =
      new Op.Rope.Sections(List.of(8, 12, 12, 0), false);
  private static final Op.Rope.Sections RESTARTING = new Op.Rope.Sections(List.of(16, 16), true);
  private static final Op.Attention WITHIN_ITEMS =
      new Op.Attention(4, 4, 64, 0.125f, Op.Attention.NO_CACHE, 0);

  private SupportMatrix() {}

  /// Lines `op dtype: yes` or `op dtype: no, reason`, dtype `-` where the op reads no weights.
  public static List<String> of(Backend backend) {
    var lines = new ArrayList<String>();
    for (DType dtype : DType.values()) {
      lines.add(line(backend, dtype.name(), embedding(dtype)));
    }
    for (DType dtype : DType.values()) {
      lines.add(line(backend, dtype.name(), matMul(dtype)));
    }
    for (DType dtype : DType.values()) {
      lines.add(line(backend, dtype.name(), patchEmbed(dtype)));
    }
    for (Node node : others()) {
      lines.add(line(backend, "-", node));
    }
    for (DType dtype : KvLayout.DTYPES) {
      lines.add(
          "KV cache %s: %s".formatted(dtype, backend.cacheTypes().contains(dtype) ? "yes" : "no"));
    }
    return lines;
  }

  private static String line(Backend backend, String dtype, Node node) {
    String answer =
        switch (backend.supports(node)) {
          case Support.Supported _ -> "yes";
          case Support.Unsupported(String why) -> "no, " + why;
        };
    return "%s%s %s: %s".formatted(node.op(), variant(node), dtype, answer);
  }

  /// What an attention's inputs say and its attributes do not.
  private static String variant(Node node) {
    if (!(node.op() instanceof Op.Attention)) {
      return "";
    }
    if (node.inputs().size() > 3) {
      return " with segments";
    }
    boolean isCross = !node.inputs().get(0).shape().equals(node.inputs().get(1).shape());
    return isCross ? " of other rows" : "";
  }

  private static Node embedding(DType dtype) {
    var g = new GraphBuilder("embedding");
    return node(g, g.embedding(g.input("ids", DType.I32, 1), weight(g, dtype)));
  }

  private static Node matMul(DType dtype) {
    var g = new GraphBuilder("matMul");
    return node(g, g.matMul(g.input("x", DType.F32, 1, SIDE), weight(g, dtype)));
  }

  private static Node patchEmbed(DType dtype) {
    var g = new GraphBuilder("patchEmbed");
    Value x = g.input("x", DType.F32, 4, 16, 16);
    return node(g, g.node(new Op.PatchEmbed(8), x, weight(g, dtype)));
  }

  private static List<Node> others() {
    var nodes = new ArrayList<Node>();
    for (Op op :
        List.of(
            new Op.Add(),
            new Op.Mul(),
            new Op.Scale(2),
            new Op.RmsNorm(1e-6f),
            new Op.LayerNorm(1e-6f),
            new Op.Rope(Op.Rope.Style.INTERLEAVED, 4, 64, 64, 1e4f, 1, 1),
            new Op.Rope(Op.Rope.Style.HALVES, 4, 64, 64, 1e4f, 1, 1),
            new Op.Rope(Op.Rope.Style.INTERLEAVED, 4, 64, 64, 1e4f, 1, 1, SECTIONS),
            new Op.Rope(Op.Rope.Style.HALVES, 4, 64, 64, 1e4f, 1, 1, SECTIONS),
            new Op.Rope(Op.Rope.Style.HALVES, 4, 64, 64, 1e4f, 1, 1, RESTARTING),
            new Op.Attention(4, 4, 64, 0.125f, 0, 0),
            new Op.Attention(4, 4, 64, 0.125f, 0, 32),
            WITHIN_ITEMS,
            new Op.Softmax(),
            new Op.Silu(),
            new Op.Gelu(Op.Gelu.Form.TANH),
            new Op.Gelu(Op.Gelu.Form.ERF),
            new Op.QuickGelu(),
            new Op.Concat(0),
            new Op.Concat(1),
            new Op.Slice(0, 0, 1),
            new Op.Slice(1, 0, 8),
            new Op.Reshape(Shape.of(SIDE, 1)),
            new Op.Transpose(),
            new Op.Pool2d(1, 1, 1),
            new Op.SpaceToDepth(1, 1, 2),
            new Op.Argmax())) {
      nodes.add(plain(op));
    }
    nodes.add(cross());
    nodes.add(segments());
    return nodes;
  }

  private static Node plain(Op op) {
    var g = new GraphBuilder(op.opName());
    Value x = g.input("x", DType.F32, 1, SIDE);
    Value vector = g.constant("w", TensorView.ofFloats(new float[SIDE], SIDE));
    return node(
        g,
        switch (op) {
          case Op.Add _, Op.Mul _, Op.Concat _ -> g.node(op, x, x);
          case Op.RmsNorm _ -> g.node(op, x, vector);
          case Op.LayerNorm _ -> g.node(op, x, vector, vector);
          case Op.Rope rope when rope.sections().isNone() ->
              g.node(op, x, g.input("positions", DType.I32, 1));
          case Op.Rope rope ->
              g.node(
                  op, x, g.input("positions", DType.I32, 1, rope.sections().pairCounts().size()));
          case Op.Attention _ -> g.node(op, x, x, x);
          default -> g.node(op, x);
        });
  }

  private static Node cross() {
    var g = new GraphBuilder("cross");
    Value kv = g.input("kv", DType.F32, 3, SIDE);
    return node(g, g.node(WITHIN_ITEMS, g.input("q", DType.F32, 1, SIDE), kv, kv));
  }

  private static Node segments() {
    var g = new GraphBuilder("segments");
    Value x = g.input("x", DType.F32, 2, SIDE);
    return node(g, g.node(WITHIN_ITEMS, x, x, x, g.input("segments", DType.I32, 2)));
  }

  private static Value weight(GraphBuilder g, DType dtype) {
    long size = dtype.bytes((long) SIDE * SIDE);
    return g.constant(
        "w", new TensorView(dtype, Shape.of(SIDE, SIDE), Arena.ofAuto().allocate(size)));
  }

  private static Node node(GraphBuilder g, Value output) {
    return g.output(output).build().nodes().get(0);
  }
}
