// SPDX-License-Identifier: Apache-2.0

// One work-item an element. b repeats every `period` elements, which is `total` where it does not.
// Follows gates.cl.

__kernel void add(__global const float *a, __global const float *b, __global float *y, int period,
                  int total) {
  int i = get_global_id(0);
  if (i < total) {
    y[i] = a[i] + b[i % period];
  }
}

__kernel void mul(__global const float *a, __global const float *b, __global float *y, int period,
                  int total) {
  int i = get_global_id(0);
  if (i < total) {
    y[i] = a[i] * b[i % period];
  }
}

__kernel void scale(__global const float *x, __global float *y, float factor, int total) {
  int i = get_global_id(0);
  if (i < total) {
    y[i] = factor * x[i];
  }
}

#define UNARY(name)                                                                \
  __kernel void name(__global const float *x, __global float *y, int total) {      \
    int i = get_global_id(0);                                                      \
    if (i < total) {                                                               \
      y[i] = name##_of(x[i]);                                                      \
    }                                                                              \
  }

UNARY(silu)
UNARY(quick_gelu)
UNARY(gelu_tanh)
UNARY(gelu_erf)
