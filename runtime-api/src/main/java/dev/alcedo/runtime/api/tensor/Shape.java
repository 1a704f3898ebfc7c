// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Dimensions of a tensor, outermost first: a weight matrix of a linear layer is `[out, in]`, an
/// activation `[rows, cols]`. Every dimension is at least 1. Immutable.
public final class Shape {
  /// More dimensions than any op of ours has.
  public static final int RANK_MAX = 8;

  private final int[] dims;
  private final long elementCount;

  private Shape(int[] dims) {
    if (dims.length == 0 || dims.length > RANK_MAX) {
      throw new IllegalArgumentException(
          "rank of a shape: expected 1 to %d, got %d".formatted(RANK_MAX, dims.length));
    }
    long count = 1;
    for (int dim : dims) {
      if (dim < 1) {
        throw new IllegalArgumentException(
            "dimension of a shape: expected at least 1, got " + Arrays.toString(dims));
      }
      count = Math.multiplyExact(count, (long) dim);
    }
    this.dims = dims;
    this.elementCount = count;
  }

  /// A shape with these dimensions, outermost first.
  ///
  /// @throws IllegalArgumentException if there are none or more than [#RANK_MAX], or one is below 1
  /// @throws ArithmeticException if the element count exceeds 2^63 - 1
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /// Number of dimensions.
  public int rank() {
    return dims.length;
  }

  /// Dimension `axis`; negative axes count from the innermost, -1 being the last.
  public int dim(int axis) {
    return dims[axis < 0 ? dims.length + axis : axis];
  }

  /// The innermost dimension: the length of a contiguous row.
  public int cols() {
    return dims[dims.length - 1];
  }

  /// All dimensions but the innermost, multiplied.
  ///
  /// @throws ArithmeticException if there are more than 2^31 - 1 rows
  public int rows() {
    return Math.toIntExact(elementCount / cols());
  }

  /// All dimensions multiplied.
  public long elementCount() {
    return elementCount;
  }

  /// The dimensions, outermost first; a copy.
  public int[] toArray() {
    return dims.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
