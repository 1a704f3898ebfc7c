// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.kernel.Operand;
import dev.alcedo.backend.cpu.internal.scalar.ScalarRope;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns nodes into steps: chooses the kernel of each op, the arrays that it works on and the units
/// into which it can be divided. Row ops are in [RowSteps].
final class Compiler {
  private final Graph graph;
  private final int itemCountMax;
  private final Kernels kernels;
  private final BufferPlan plan;
  private final Constants constants;
  private final RowSteps rowSteps;
  private final List<Step> steps = new ArrayList<>();
  private final Map<TurnKey, float[]> turns = new HashMap<>();
  private final Map<Operand.Form, Operand> operands = new EnumMap<>(Operand.Form.class);
  private final Map<Operand.Form, Value> prepared = new EnumMap<>(Operand.Form.class);
  private final float[] patches;
  private final boolean isGrouped; // items have several rows each
  private long turnBytes;

  /// Rotations depend on the positions and on these attributes, not on the layer.
  private record TurnKey(
      Value positions,
      @Nullable Value factors,
      Op.Rope.Style style,
      int ropeLength,
      float freqBase,
      float freqScale,
      float magnitude,
      Op.Rope.Sections sections) {}

  Compiler(Graph graph, int itemCountMax, Kernels kernels, BufferPlan plan, Constants constants) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    this.kernels = kernels;
    this.plan = plan;
    this.constants = constants;
    this.rowSteps = new RowSteps(kernels, plan, constants);
    int patchesLength = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.PatchEmbed) {
        int length = Math.multiplyExact(rowsMax(node.output()), input(node, 1).shape().cols());
        patchesLength = Math.max(patchesLength, length);
      }
    }
    this.patches = new float[patchesLength];
    this.isGrouped =
        graph.nodes().stream()
            .anyMatch(n -> n.op() instanceof Op.MatMul && n.output().shape().dim(0) > 1);
  }

  List<Step> compile() {
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case Op.MatMul _ -> matMul(node, plan.floats(input(node, 0)), input(node, 0));
        case Op.PatchEmbed op -> patchEmbed(node, op);
        case Op.Rope op -> rope(node, op);
        case Op.Attention op -> attention(node, op);
        case Op.Reshape _ -> {} // the same memory
        default -> steps.add(rowSteps.step(node));
      }
    }
    return List.copyOf(steps);
  }

  /// Bytes of working memory beyond planned buffers and constants.
  long byteSize() {
    long operandBytes = operands.values().stream().mapToLong(Operand::byteSize).sum();
    return operandBytes + 4L * patches.length + turnBytes;
  }

  private int rowsMax(Value value) {
    return Math.multiplyExact(value.shape().dim(0), itemCountMax);
  }

  /// `x` is the array of the left operand; `value` the value in it, if it holds one.
  private void matMul(Node node, float[] x, @Nullable Value value) {
    Linear linear = constants.linear(input(node, 1));
    float @Nullable [] bias = node.inputs().size() > 2 ? constants.floats(input(node, 2)) : null;
    float[] y = plan.floats(node.output());
    int rowsPerItem = node.output().shape().dim(0);
    int k = linear.k();
    Operand.Form form = form(node, linear);
    Operand operand = operands.computeIfAbsent(form, this::newOperand);
    operand.reserve(rowsMax(node.output()), k);
    if (value == null || !value.equals(prepared.get(form))) {
      steps.add(
          new Step(
              "operand of " + name(node),
              run -> operand.units(run.itemCount() * rowsPerItem, k),
              Math.max(1, RowSteps.CHUNK_ELEMENTS / k),
              (run, from, to, scratch) -> {
                int rows = run.itemCount() * rowsPerItem;
                for (int unit = from; unit < to; unit++) {
                  operand.prepare(x, rows, k, unit, scratch);
                }
              }));
      if (value == null) {
        prepared.remove(form);
      } else {
        prepared.put(form, value);
      }
    }
    int tile = linear.grain();
    int grain = Math.max(1, RowSteps.CHUNK_ELEMENTS / k / tile) * tile;
    steps.add(
        new Step(
            name(node),
            _ -> linear.n(),
            grain,
            (run, from, to, scratch) ->
                linear.run(operand, run.itemCount() * rowsPerItem, bias, y, from, to, scratch)));
  }

  private Operand newOperand(Operand.Form form) {
    Operand operand = kernels.newOperand(form);
    if (isGrouped) {
      operand.takeFewAsMany();
    }
    return operand;
  }

  /// BF16 and F16 weights want activations rounded, but not pixels: see [Op.MatMul].
  private static Operand.Form form(Node node, Linear linear) {
    Operand.Form form = linear.form();
    boolean isRounded = form == Operand.Form.BF16 || form == Operand.Form.F16;
    return node.op() instanceof Op.PatchEmbed && isRounded ? Operand.Form.PLAIN : form;
  }

  private void patchEmbed(Node node, Op.PatchEmbed op) {
    steps.add(rowSteps.patches(node, op, patches));
    matMul(node, patches, null);
  }

  private void rope(Node node, Op.Rope op) {
    Value factors = node.inputs().size() > 2 ? input(node, 2) : null;
    var key =
        new TurnKey(
            input(node, 1),
            factors,
            op.style(),
            op.ropeLength(),
            op.freqBase(),
            op.freqScale(),
            op.magnitude(),
            op.sections());
    float[] table = turns.get(key);
    if (table == null) {
      table = turnTable(node, op, factors);
      turns.put(key, table);
    }
    steps.add(rowSteps.rope(node, op, table));
  }

  private float[] turnTable(Node node, Op.Rope op, @Nullable Value factors) {
    int rowsPerItem = node.output().shape().dim(0);
    int[] positions = plan.ints(input(node, 1));
    float[] factorValues = factors == null ? null : constants.floats(factors);
    int length = ScalarRope.turnLength(op);
    var table = new float[Math.multiplyExact(rowsMax(node.output()), length)];
    turnBytes += 4L * table.length;
    steps.add(
        new Step(
            "turns of " + name(node),
            run -> run.itemCount() * rowsPerItem,
            16,
            (_, from, to, _) -> {
              for (int row = from; row < to; row++) {
                ScalarRope.turns(op, positions, row, factorValues, table, row * length);
              }
            }));
    return table;
  }

  private void attention(Node node, Op.Attention op) {
    var task =
        new AttentionTask(
            op,
            node.output().shape().dim(0),
            input(node, 1).shape().dim(0),
            plan.floats(input(node, 0)),
            plan.floats(input(node, 1)),
            plan.floats(input(node, 2)),
            node.inputs().size() > 3 ? plan.ints(input(node, 3)) : null,
            plan.floats(node.output()));
    if (op.isCausal()) {
      int grain = Math.max(1, RowSteps.CHUNK_ELEMENTS / task.keyCols());
      steps.add(
          new Step(
              "store of " + name(node),
              run -> run.itemCount(),
              grain,
              (run, from, to, _) -> KvStore.store(kernels, task, run, from, to)));
    }
    steps.add(
        new Step(
            name(node),
            run -> kernels.attentionUnits(task, run),
            1,
            (run, from, to, scratch) -> kernels.attention(task, run, from, to, scratch)));
  }

  private static Value input(Node node, int i) {
    return node.inputs().get(i);
  }

  private static String name(Node node) {
    return "%s '%s'".formatted(node.op().opName(), node.output().name());
  }
}
