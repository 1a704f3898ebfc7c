// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.LoweredNetwork;
import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.lower.Range;
import dev.alcedo.backend.apu.internal.lower.Segment;
import dev.alcedo.backend.apu.internal.lower.SegmentLowering;
import dev.alcedo.backend.apu.internal.lower.Target;
import dev.alcedo.backend.apu.internal.weights.WeightRows;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which nodes run on the device: first what we know ourselves, then what the driver says about the
/// node lowered alone, which is remembered. Any thread.
final class Queries {
  private static final Logger LOG = LoggerFactory.getLogger(Queries.class);

  private static final int ROWS = 128;
  private static final int DIM_MAX = 65535;

  private final Driver driver;
  private final Precision precision;
  private final boolean hasRmsNorm;
  private final Map<Signature, Support> answers = new ConcurrentHashMap<>();

  Queries(Driver driver, Precision precision) {
    this.driver = driver;
    this.precision = precision;
    this.hasRmsNorm = asksForRmsNorm();
  }

  /// What the driver's answer depends on.
  private record Signature(Op op, List<Input> inputs) {
    record Input(Value.Kind kind, Shape shape) {}

    static Signature of(Node node) {
      return new Signature(
          node.op(), node.inputs().stream().map(v -> new Input(v.kind(), v.shape())).toList());
    }
  }

  /// Whether the driver has `MTKEXT_RMS_NORMALIZATION`.
  boolean hasRmsNorm() {
    return hasRmsNorm;
  }

  private boolean asksForRmsNorm() {
    var g = new GraphBuilder("rmsNorm");
    Value x = g.input("x", DType.F32, 1, 64);
    Value y = g.rmsNorm(x, g.constant("w", TensorView.ofFloats(new float[64], 64)), 1e-6f);
    Node node = g.output(y).build().nodes().getFirst();
    try {
      return driver.isSupported(arena -> lowered(node, arena, new Target(precision, true)));
    } catch (BackendException e) {
      LOG.debug("no MTKEXT_RMS_NORMALIZATION: {}", e.getMessage());
      return false;
    }
  }

  Support supports(Node node) {
    Support known = ownAnswer(node);
    return known.isSupported()
        ? answers.computeIfAbsent(Signature.of(node), _ -> driverAnswer(node))
        : known;
  }

  private static Support ownAnswer(Node node) {
    return switch (node.op()) {
      case Op.Embedding _ -> Support.unsupported("table look-ups, which read a few rows of a file");
      case Op.Argmax _ -> Support.unsupported("choice among rounded scores");
      case Op.MatMul _, Op.PatchEmbed _ -> weight(node.inputs().get(1));
      case Op.Rope _ -> bound(node.inputs().get(1), "positions");
      case Op.Attention _ when node.inputs().size() > 3 -> bound(node.inputs().get(3), "segments");
      default -> Support.SUPPORTED;
    };
  }

  private static Support weight(Value weight) {
    if (!WeightRows.isReadable(weight.dtype())) {
      return Support.unsupported(weight.dtype() + " weights");
    }
    return weight.shape().rows() > DIM_MAX || weight.shape().cols() > DIM_MAX
        ? Support.unsupported("weights of more than %d rows or columns".formatted(DIM_MAX))
        : Support.SUPPORTED;
  }

  private static Support bound(Value value, String what) {
    return value.kind() == Value.Kind.INPUT
        ? Support.SUPPORTED
        : Support.unsupported(what + " that are computed within the graph");
  }

  private Support driverAnswer(Node node) {
    try {
      for (Target target : targets(node)) {
        if (!driver.isSupported(arena -> lowered(node, arena, target))) {
          return Support.unsupported("support by the driver for this op in " + precision);
        }
      }
      return Support.SUPPORTED;
    } catch (BackendException e) {
      return Support.unsupported("support by the driver: " + e.getMessage());
    }
  }

  /// A product in 8 bits runs with activations in F16 first, until their ranges are known.
  private List<Target> targets(Node node) {
    var plain = new Target(precision, hasRmsNorm);
    if (!precision.hasByteActivations() || !(node.op() instanceof Op.MatMul)) {
      return List.of(plain);
    }
    var some = new Range(-1, 1);
    Map<Value, Range> ranges = Map.of(node.inputs().getFirst(), some, node.output(), some);
    return List.of(plain, plain.with(ranges));
  }

  private LoweredNetwork lowered(Node node, Arena arena, Target target) {
    var constants = new ZeroConstants(precision, arena);
    if (node.op() instanceof Op.Attention op && op.isCausal()) {
      return SegmentLowering.lowerCached(op, precision, constants, ROWS, 2 * ROWS);
    }
    int items = node.inputs().getFirst().shape().rows() == 1 ? ROWS : 1;
    var segment = new Segment(List.of(node), List.of(node.output()));
    return SegmentLowering.lower(node.op().opName(), segment, target, constants, items);
  }
}
