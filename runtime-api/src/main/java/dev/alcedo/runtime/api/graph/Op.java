// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import dev.alcedo.runtime.api.tensor.Shape;
import java.util.List;

/// The closed op set. A record says what an op is and holds its attributes; what it computes is
/// defined by the plain loops of backend-cpu's scalar kernels, which every backend is tested
/// against.
///
/// **Shapes.** Activations are F32 and *per item*: a graph is written for one item (one position of
/// a text, one tile of a picture) and run for any number of items up to the one it was compiled
/// for. The shapes below are those of one item, `r` rows of `c` columns; a run stacks the items'
/// rows. Weights and tables are constants, the same for all items, of any dtype that the backend
/// supports; vectors (norm weights, biases) are F32.
///
/// | op | inputs | output |
/// |---|---|---|
/// | [Embedding] | ids I32 `[r]`, table `[vocab, c]` | `[r, c]` |
/// | [MatMul] | x `[r, k]`, weight `[n, k]`, optional bias F32 `[n]` | `[r, n]` = x weightᵀ + bias |
/// | [Add], [Mul] | a `[r, c]`, b: per item `[r, c]`, or constant `[c]` or `[r, c]` | `[r, c]` |
/// | [Scale] | x | the same shape |
/// | [RmsNorm] | x `[r, c]`, weight F32 `[g]`, g divides c | `[r, c]` |
/// | [LayerNorm] | x `[r, c]`, weight F32 `[c]`, bias F32 `[c]` | `[r, c]` |
/// | [Rope] | x `[r, headCount * headLength]`, positions I32 `[r]` or `[r, sections]`, optional factors F32 | like x |
/// | [Attention] | q `[r, headCount * headLength]`, k and v `[rk, headCountKv * headLength]`, optional segments I32 `[r]` | like q |
/// | [Softmax] | x `[r, c]` | `[r, c]`, each row sums to 1 |
/// | [Silu], [Gelu], [QuickGelu] | x | the same shape |
/// | [Concat] | a `[r, c1]`, b `[r, c2]` (axis 1), or `[r1, c]`, `[r2, c]` (axis 0) | joined |
/// | [Slice] | x `[r, c]` | `length` rows (axis 0) or columns (axis 1) from `start` |
/// | [Reshape] | x | `shape`, same element count |
/// | [Transpose] | x `[r, c]` | `[c, r]` |
/// | [Pool2d] | x `[gridRows * gridCols, c]` | `[(gridRows / size) * (gridCols / size), c]`, means |
/// | [PatchEmbed] | pixels F32 `[channels, height, width]`, weight `[c, channels * p * p]`, optional bias | `[(height / p) * (width / p), c]` |
/// | [SpaceToDepth] | x `[gridRows * gridCols, c]` | `[ceil(gridRows / b) * ceil(gridCols / b), b * b * c]` |
/// | [Argmax] | x F32 `[r, c]` | I32 `[r]`, the first of equal maxima |
public sealed interface Op {

  /// Rows of a table by id. An id outside `0..vocab-1` is the caller's error and checked before.
  record Embedding() implements Op {}

  /// A linear layer: `y[i, j] = sum over k of x[i, k] * weight[j, k] + bias[j]`.
  ///
  /// On BF16 weights, x is first rounded to BF16 (to nearest, ties to even): whoever trains with
  /// such weights rounds activations too, processors multiply pairs of BF16, and llama.cpp does so.
  /// On F16 weights x is rounded to the 11 significant bits of an F16, but keeps its exponent:
  /// there are models whose activations an F16 cannot hold. Products and sums are those of F32. On
  /// quantised weights a backend may round x to 8 bits in blocks of 32 columns, as llama.cpp does.
  /// On all other weights x is taken as it is.
  record MatMul() implements Op {}

  /// Elementwise sum; a constant `b` is repeated over items, and over rows if it is a vector.
  record Add() implements Op {}

  /// Elementwise product; a constant `b` is repeated as in [Add].
  record Mul() implements Op {}

  /// `y = factor * x`.
  record Scale(float factor) implements Op {}

  /// `y = x / sqrt(mean(x^2) + eps) * weight` over each group of `weight` length within a row:
  /// whole rows as a rule, heads for the q/k norms of Qwen3 and Gemma 3.
  record RmsNorm(float eps) implements Op {}

  /// `y = (x - mean) / sqrt(variance + eps) * weight + bias` over each row.
  record LayerNorm(float eps) implements Op {}

  /// Rotary position embedding on the first `ropeLength` elements of each head.
  ///
  /// Pair `i` turns by the angle `position * freqScale * freqBase^(-2i / ropeLength) / factor[i]`,
  /// where `factor` is the optional third input `[ropeLength / 2]` (llama 3's `rope_freqs.weight`),
  /// else 1. Cosine and sine are multiplied by `magnitude` (YaRN, long-rope; else 1).
  ///
  /// With sections (M-RoPE and the towers of Qwen2-VL) a row has several positions, and each
  /// section of pairs turns by its own; see [Sections].
  ///
  /// @param style which two elements make pair `i`
  /// @param headLength elements of one head
  /// @param ropeLength how many of them turn; even, at most headLength
  /// @param sections which position each pair turns by
  record Rope(
      Style style,
      int headCount,
      int headLength,
      int ropeLength,
      float freqBase,
      float freqScale,
      float magnitude,
      Sections sections)
      implements Op {
    /// A rotation by one position.
    public Rope(
        Style style,
        int headCount,
        int headLength,
        int ropeLength,
        float freqBase,
        float freqScale,
        float magnitude) {
      this(style, headCount, headLength, ropeLength, freqBase, freqScale, magnitude, Sections.NONE);
    }

    /// How the pairs of a head share the positions of a row: the first `pairCounts[0]` pairs turn
    /// by the first position, the next `pairCounts[1]` by the second, and so on.
    ///
    /// @param pairCounts pairs of each section, `ropeLength / 2` in all; empty for one position
    /// @param isRestarting whether frequencies begin anew in each section: pair `j` of a section of
    ///   `n` turns with `freqBase^(-j / n)`
    public record Sections(List<Integer> pairCounts, boolean isRestarting) {
      /// All pairs turn by the one position of the row.
      public static final Sections NONE = new Sections(List.of(), false);

      /// Copies the list.
      public Sections {
        pairCounts = List.copyOf(pairCounts);
      }

      /// Whether a row has one position only.
      public boolean isNone() {
        return pairCounts.isEmpty();
      }
    }

    /// The pairing of elements: ggml's `LLAMA_ROPE_TYPE_NORM` and `_NEOX`.
    public enum Style {
      /// Elements `2i` and `2i + 1`.
      INTERLEAVED,
      /// Elements `i` and `i + ropeLength / 2`.
      HALVES
    }
  }

  /// Scaled dot-product attention, `softmax(scale * q kᵀ) v`, with grouped key/value heads: query
  /// head `h` reads key/value head `h * headCountKv / headCount`.
  ///
  /// With a cache layer, the item's k and v are first stored in the KV cache at the item's
  /// position, then the item attends to every stored position up to its own (the last `window` of
  /// them if `window > 0`). Which cache and which position: [dev.alcedo.runtime.api.spi.Bindings].
  /// In a bidirectional span every item sees the span to its end. Without a cache layer
  /// ([#NO_CACHE]), all rows of q attend to all rows of k and v of their item (`rk` may differ from
  /// `r`: a resampler's queries). With segments, a row sees those of its own number only (window
  /// attention); rows of one segment had better be neighbours, as kernels skip what lies outside
  /// the first and last of them.
  ///
  /// With an F16 cache a backend may round q and the probabilities to the 11 significant bits of an
  /// F16, as the cpu backend does (and llama.cpp without flash attention).
  ///
  /// @param cacheLayer layer in the KV cache, or [#NO_CACHE]
  /// @param window how many positions are seen, own included; 0 means all
  record Attention(
      int headCount, int headCountKv, int headLength, float scale, int cacheLayer, int window)
      implements Op {
    /// No KV cache: bidirectional within an item.
    public static final int NO_CACHE = -1;

    /// Whether keys and values come from a KV cache and attention is causal.
    public boolean isCausal() {
      return cacheLayer != NO_CACHE;
    }
  }

  /// `exp(x - max) / sum` over each row.
  record Softmax() implements Op {}

  /// `x / (1 + exp(-x))`.
  record Silu() implements Op {}

  /// Gaussian error linear unit.
  record Gelu(Form form) implements Op {
    /// How the normal distribution function is computed.
    public enum Form {
      /// `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
      TANH,
      /// `0.5 x (1 + erf(x / sqrt(2)))`.
      ERF
    }
  }

  /// `x / (1 + exp(-1.702 x))`.
  record QuickGelu() implements Op {}

  /// Joins two inputs along `axis` (0 rows of an item, 1 columns).
  record Concat(int axis) implements Op {}

  /// `length` rows (axis 0, of each item) or columns (axis 1) from `start`.
  record Slice(int axis, int start, int length) implements Op {}

  /// The same elements of an item under another shape.
  record Reshape(Shape shape) implements Op {}

  /// Rows and columns of an item swapped.
  record Transpose() implements Op {}

  /// Mean over `size` x `size` windows of a patch grid, without overlap or padding.
  record Pool2d(int gridRows, int gridCols, int size) implements Op {}

  /// The convolution that cuts pictures into patches: kernel and stride `patchSize`, no padding, so
  /// rows and columns beyond the last whole patch are not used. Patches come row by row; a patch's
  /// elements are ordered channel, row, column.
  record PatchEmbed(int patchSize) implements Op {}

  /// `block` x `block` neighbours of a patch grid joined along columns: first the upper row from
  /// left to right, then the next. Odd grids are padded with zeros at the end (VILA's 2x2
  /// downsampler).
  record SpaceToDepth(int gridRows, int gridCols, int block) implements Op {}

  /// Index of the first largest element of each row.
  record Argmax() implements Op {}

  /// The op's name as reports print it, e.g. `MatMul`.
  default String opName() {
    return getClass().getSimpleName();
  }
}
