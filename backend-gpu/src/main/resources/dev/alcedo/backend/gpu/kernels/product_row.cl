// SPDX-License-Identifier: Apache-2.0

// y = x w^T + bias for one row of x, with what stands before and after it in a decoder: one kernel
// where several would wait for each other. LANES neighbouring work-items share an output, each
// taking every LANES-th part of a row of weights, so that a group reads weights in one piece; one
// lane on devices that run work-items one after the other. Follows a weights_*.cl,
// activations.cl, gates.cl and lanes.cl.
//
// COUNT: matrices of the same x, up to three, each with an output of its own.
// GATE, an activation function: two matrices, one output: GATE(x w0^T + bias0) * (x w1^T + bias1).
// RESIDUAL: something is added to the output.
// NORM: x is the RMS norm of what is given. The factor of the whole row is applied at the end.
// INT8: x is in 8 bits, as quantize.cl leaves it; needs ARM_DOT.

#define MATRIX(i)                                                                                 \
  , __global const uchar *quants##i, __global const uchar *scales##i, __global const float *bias##i, \
      __global float *y##i, int n##i, int has_bias##i

__kernel void product_row(
#ifdef INT8
    __global const char *x, __global const float2 *x_scales, int k
#else
    __global const float *x, int k
#endif
#ifdef NORM
    , __global const float *norm, float eps
#endif
#ifdef RESIDUAL
    , __global const float *residual
#endif
    MATRIX(0)
#if COUNT > 1
    MATRIX(1)
#endif
#if COUNT > 2
    MATRIX(2)
#endif
) {
#if LANES > 1
  __local float scratch[GROUP];
#endif
  int lane = LANE;
  int col = LANE_OUTPUT;
  __global const uchar *quants = quants0;
  __global const uchar *scales = scales0;
  __global const float *bias = bias0;
  __global float *y = y0;
  int n = n0;
  int has_bias = has_bias0;
#if COUNT > 1 && !defined(GATE)
  if (col >= n) {
    col -= n;
    quants = quants1;
    scales = scales1;
    bias = bias1;
    y = y1;
    n = n1;
    has_bias = has_bias1;
  }
#endif
#if COUNT > 2
  if (y == y1 && col >= n) {
    col -= n;
    quants = quants2;
    scales = scales2;
    bias = bias2;
    y = y2;
    n = n2;
    has_bias = has_bias2;
  }
#endif
  float sum = 0.0f;
#ifdef GATE
  float other = 0.0f;
#endif
#ifdef INT8
  int blocks = k / 32;
  if (col < n) {
    for (int block = lane; block < blocks; block += LANES) {
      float2 x_scale = x_scales[block];
      __global const char4 *x4 = (__global const char4 *)x;
      sum += block_dot(quants, scales, col, block, blocks, x4, x_scale);
#ifdef GATE
      other += block_dot(quants1, scales1, col, block, blocks, x4, x_scale);
#endif
    }
  }
#else
  int groups = (k + 7) / 8;
  float8 sums = 0.0f;
#ifdef GATE
  float8 others = 0.0f;
#endif
#ifdef NORM
  float8 squares = 0.0f;
#endif
  if (col < n) {
    for (int group = lane; group < groups; group += LANES) {
      float8 a = activations8(x, group, k);
#ifdef NORM
      squares += a * a;
      a *= ((__global const float8 *)norm)[group];
#endif
      sums += weights8(quants, scales, col, group, groups) * a;
#ifdef GATE
      others += weights8(quants1, scales1, col, group, groups) * a;
#endif
    }
  }
  sum = sum8(sums);
#ifdef GATE
  other = sum8(others);
#endif
#endif
  sum = LANES_SUM(sum);
#ifdef GATE
  other = LANES_SUM(other);
#endif
#ifdef NORM
  float factor = 1.0f / sqrt(LANES_SUM(sum8(squares)) / k + eps);
  sum *= factor;
#ifdef GATE
  other *= factor;
#endif
#endif
  if (lane != 0 || col >= n) {
    return;
  }
  sum += has_bias ? bias[col] : 0.0f;
#ifdef GATE
  sum = GATE(sum) * (other + (has_bias1 ? bias1[col] : 0.0f));
#endif
#ifdef RESIDUAL
  sum += residual[col];
#endif
  y[col] = sum;
}
