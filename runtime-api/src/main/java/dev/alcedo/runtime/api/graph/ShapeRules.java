// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.List;

/// The shape and dtype rules of the op set: what an op makes of its inputs, or why it cannot. The
/// builder uses them to infer, the verifier to check.
final class ShapeRules {
  private ShapeRules() {}

  /// Type and shape of an op's output.
  record Result(DType dtype, Shape shape) {}

  /// What `op` makes of `inputs`.
  ///
  /// @throws IllegalArgumentException naming op, input, expected and got
  static Result infer(Op op, List<Value> inputs) {
    var in = new Inputs(op, inputs);
    return switch (op) {
      case Op.Embedding _ -> embedding(in);
      case Op.MatMul _ -> matMul(in);
      case Op.Add _, Op.Mul _ -> elementwise(in);
      case Op.Scale _, Op.Softmax _, Op.Silu _, Op.Gelu _, Op.QuickGelu _ -> same(in);
      case Op.RmsNorm _ -> rmsNorm(in);
      case Op.LayerNorm _ -> layerNorm(in);
      case Op.Rope rope -> rope(in, rope);
      case Op.Attention attention -> attention(in, attention);
      case Op.Concat concat -> concat(in, concat);
      case Op.Slice slice -> slice(in, slice);
      case Op.Reshape reshape -> reshape(in, reshape);
      case Op.Transpose _ -> transpose(in);
      case Op.Pool2d pool -> pool2d(in, pool);
      case Op.PatchEmbed patch -> patchEmbed(in, patch);
      case Op.SpaceToDepth s -> spaceToDepth(in, s);
      case Op.Argmax _ -> argmax(in);
    };
  }

  private static Result embedding(Inputs in) {
    in.count(2, 2);
    in.require(in.dtype(0) == DType.I32 && in.shape(0).rank() == 1, 0, "ids I32 [r]");
    in.constantMatrix(1);
    return f32(in.shape(0).cols(), in.shape(1).cols());
  }

  private static Result matMul(Inputs in) {
    in.count(2, 3);
    in.activation(0);
    in.constantMatrix(1);
    int k = in.shape(0).cols();
    in.require(in.shape(1).cols() == k, 1, "[n, %d]".formatted(k));
    int n = in.shape(1).dim(0);
    if (in.size() == 3) {
      in.vector(2, n);
    }
    return f32(in.shape(0).dim(0), n);
  }

  private static Result elementwise(Inputs in) {
    in.count(2, 2);
    in.activation(0);
    Value b = in.value(1);
    boolean isVector =
        b.kind() == Value.Kind.CONSTANT && b.shape().equals(Shape.of(in.shape(0).cols()));
    in.require(b.dtype() == DType.F32, 1, "F32");
    in.require(
        isVector || b.shape().equals(in.shape(0)),
        1,
        in.shape(0) + ", or a constant of its columns");
    return new Result(DType.F32, in.shape(0));
  }

  private static Result same(Inputs in) {
    in.count(1, 1);
    in.activation(0);
    return new Result(DType.F32, in.shape(0));
  }

  private static Result rmsNorm(Inputs in) {
    in.count(2, 2);
    in.activation(0);
    in.require(
        in.value(1).kind() == Value.Kind.CONSTANT
            && in.dtype(1) == DType.F32
            && in.shape(1).rank() == 1
            && in.shape(0).cols() % in.shape(1).cols() == 0,
        1,
        "a constant F32 vector whose length divides %d".formatted(in.shape(0).cols()));
    return new Result(DType.F32, in.shape(0));
  }

  private static Result layerNorm(Inputs in) {
    in.count(3, 3);
    in.activation(0);
    in.vector(1, in.shape(0).cols());
    in.vector(2, in.shape(0).cols());
    return new Result(DType.F32, in.shape(0));
  }

  private static Result rope(Inputs in, Op.Rope rope) {
    in.count(2, 3);
    in.activation(0);
    in.attribute(
        rope.ropeLength() > 0
            && rope.ropeLength() % 2 == 0
            && rope.ropeLength() <= rope.headLength(),
        "ropeLength: expected even, 2 to %d, got %d"
            .formatted(rope.headLength(), rope.ropeLength()));
    in.require(
        in.shape(0).cols() == rope.headCount() * rope.headLength(),
        0,
        "%d columns".formatted(rope.headCount() * rope.headLength()));
    int rows = in.shape(0).dim(0);
    Shape positions = Shape.of(rows);
    if (!rope.sections().isNone()) {
      List<Integer> counts = rope.sections().pairCounts();
      int half = rope.ropeLength() / 2;
      in.attribute(
          counts.stream().allMatch(n -> n >= 0 && n <= half)
              && counts.stream().mapToLong(n -> n).sum() == half,
          "sections: expected %d pairs in all, got %s".formatted(half, counts));
      positions = Shape.of(rows, counts.size());
    }
    in.require(
        in.dtype(1) == DType.I32 && in.value(1).kind().isPerItem() && in.shape(1).equals(positions),
        1,
        "per-item positions I32 " + positions);
    if (in.size() == 3) {
      in.vector(2, rope.ropeLength() / 2);
    }
    return new Result(DType.F32, in.shape(0));
  }

  private static Result attention(Inputs in, Op.Attention a) {
    in.count(3, 4);
    in.attribute(
        a.headCountKv() > 0 && a.headCount() % a.headCountKv() == 0,
        "headCount %d must be a multiple of headCountKv %d"
            .formatted(a.headCount(), a.headCountKv()));
    int rows = in.shape(0).dim(0);
    in.attribute(!a.isCausal() || rows == 1, "causal attention: an item is one row, got " + rows);
    in.activation(0);
    in.activation(1);
    in.activation(2);
    in.require(
        in.shape(0).equals(Shape.of(rows, a.headCount() * a.headLength())),
        0,
        "q [r, headCount * headLength]");
    boolean isCross = !a.isCausal() && in.size() == 3;
    Shape kv = Shape.of(isCross ? in.shape(1).dim(0) : rows, a.headCountKv() * a.headLength());
    in.require(in.shape(1).equals(kv), 1, kv.toString());
    in.require(in.shape(2).equals(kv), 2, kv.toString());
    if (in.size() == 4) {
      in.attribute(!a.isCausal(), "segments: expected attention without a KV cache");
      in.require(
          in.dtype(3) == DType.I32
              && in.value(3).kind().isPerItem()
              && in.shape(3).equals(Shape.of(rows)),
          3,
          "per-item segments I32 [%d]".formatted(rows));
    }
    return new Result(DType.F32, in.shape(0));
  }

  private static Result concat(Inputs in, Op.Concat concat) {
    in.count(2, 2);
    in.activation(0);
    in.activation(1);
    Shape a = in.shape(0);
    Shape b = in.shape(1);
    in.attribute(
        concat.axis() == 0 || concat.axis() == 1, "axis: expected 0 or 1, got " + concat.axis());
    if (concat.axis() == 0) {
      in.require(a.cols() == b.cols(), 1, "%d columns".formatted(a.cols()));
      return f32(a.dim(0) + b.dim(0), a.cols());
    }
    in.require(a.dim(0) == b.dim(0), 1, "%d rows".formatted(a.dim(0)));
    return f32(a.dim(0), a.cols() + b.cols());
  }

  private static Result slice(Inputs in, Op.Slice slice) {
    in.count(1, 1);
    in.activation(0);
    Shape x = in.shape(0);
    in.attribute(
        slice.axis() == 0 || slice.axis() == 1, "axis: expected 0 or 1, got " + slice.axis());
    in.attribute(
        slice.start() >= 0
            && slice.length() > 0
            && slice.start() + (long) slice.length() <= x.dim(slice.axis()),
        "slice %d + %d of %s on axis %d".formatted(slice.start(), slice.length(), x, slice.axis()));
    return slice.axis() == 0 ? f32(slice.length(), x.cols()) : f32(x.dim(0), slice.length());
  }

  private static Result reshape(Inputs in, Op.Reshape reshape) {
    in.count(1, 1);
    in.require(
        in.value(0).kind().isPerItem()
            && in.shape(0).elementCount() == reshape.shape().elementCount(),
        0,
        "%d elements".formatted(reshape.shape().elementCount()));
    return new Result(in.dtype(0), reshape.shape());
  }

  private static Result transpose(Inputs in) {
    in.count(1, 1);
    in.activation(0);
    return f32(in.shape(0).cols(), in.shape(0).dim(0));
  }

  private static Result pool2d(Inputs in, Op.Pool2d pool) {
    in.count(1, 1);
    in.activation(0);
    in.require(
        in.shape(0).dim(0) == pool.gridRows() * pool.gridCols(), 0, "gridRows * gridCols rows");
    in.attribute(
        pool.size() > 0 && pool.size() <= Math.min(pool.gridRows(), pool.gridCols()),
        "size: expected 1 to the grid's sides, got " + pool.size());
    return f32(
        (pool.gridRows() / pool.size()) * (pool.gridCols() / pool.size()), in.shape(0).cols());
  }

  private static Result patchEmbed(Inputs in, Op.PatchEmbed patch) {
    in.count(2, 3);
    int p = patch.patchSize();
    Shape x = in.shape(0);
    in.require(
        in.value(0).kind().isPerItem() && in.dtype(0) == DType.F32 && x.rank() == 3,
        0,
        "pixels F32 [channels, height, width]");
    in.attribute(p > 0 && p <= x.dim(1) && p <= x.dim(2), "patchSize %d of %s".formatted(p, x));
    in.constantMatrix(1);
    in.require(in.shape(1).cols() == x.dim(0) * p * p, 1, "[c, %d]".formatted(x.dim(0) * p * p));
    int c = in.shape(1).dim(0);
    if (in.size() == 3) {
      in.vector(2, c);
    }
    return f32((x.dim(1) / p) * (x.dim(2) / p), c);
  }

  private static Result spaceToDepth(Inputs in, Op.SpaceToDepth s) {
    in.count(1, 1);
    in.activation(0);
    in.require(in.shape(0).dim(0) == s.gridRows() * s.gridCols(), 0, "gridRows * gridCols rows");
    in.attribute(s.block() > 0, "block: expected at least 1, got " + s.block());
    return f32(
        Math.ceilDiv(s.gridRows(), s.block()) * Math.ceilDiv(s.gridCols(), s.block()),
        in.shape(0).cols() * s.block() * s.block());
  }

  private static Result argmax(Inputs in) {
    in.count(1, 1);
    in.activation(0);
    return new Result(DType.I32, Shape.of(in.shape(0).dim(0)));
  }

  private static Result f32(int rows, int cols) {
    return new Result(DType.F32, Shape.of(rows, cols));
  }

  /// The inputs of one op, with checks that name it.
  private record Inputs(Op op, List<Value> values) {
    int size() {
      return values.size();
    }

    Value value(int i) {
      return values.get(i);
    }

    Shape shape(int i) {
      return values.get(i).shape();
    }

    DType dtype(int i) {
      return values.get(i).dtype();
    }

    void count(int min, int max) {
      attribute(
          size() >= min && size() <= max,
          "expected %d to %d inputs, got %d".formatted(min, max, size()));
    }

    void activation(int i) {
      require(
          value(i).kind().isPerItem() && dtype(i) == DType.F32 && shape(i).rank() == 2,
          i,
          "a per-item F32 matrix");
    }

    void constantMatrix(int i) {
      require(
          value(i).kind() == Value.Kind.CONSTANT && shape(i).rank() == 2, i, "a constant matrix");
    }

    void vector(int i, int length) {
      require(
          value(i).kind() == Value.Kind.CONSTANT
              && dtype(i) == DType.F32
              && shape(i).equals(Shape.of(length)),
          i,
          "a constant F32 vector [%d]".formatted(length));
    }

    void require(boolean isTrue, int i, String expected) {
      if (!isTrue) {
        Value v = value(i);
        throw new IllegalArgumentException(
            "%s: input %d '%s': expected %s, got %s %s %s"
                .formatted(op.opName(), i, v.name(), expected, v.kind(), v.dtype(), v.shape()));
      }
    }

    void attribute(boolean isTrue, String message) {
      if (!isTrue) {
        throw new IllegalArgumentException(op.opName() + ": " + message);
      }
    }
  }
}
