// SPDX-License-Identifier: Apache-2.0

// One work-item an element. b repeats every `period` elements, which is `total` where it does not.

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

__kernel void silu(__global const float *x, __global float *y, int total) {
  int i = get_global_id(0);
  if (i < total) {
    y[i] = x[i] / (1.0f + exp(-x[i]));
  }
}

__kernel void quick_gelu(__global const float *x, __global float *y, int total) {
  int i = get_global_id(0);
  if (i < total) {
    y[i] = x[i] / (1.0f + exp(-1.702f * x[i]));
  }
}

// 0.5 (1 + tanh(u)) is 1 / (1 + exp(-2 u)), where nothing cancels.
__kernel void gelu_tanh(__global const float *x, __global float *y, int total) {
  int i = get_global_id(0);
  if (i < total) {
    float u = 0.797884560802865f * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
    y[i] = x[i] / (1.0f + exp(-2.0f * u));
  }
}

// 1 + erf(u) is erfc(-u), where nothing cancels.
__kernel void gelu_erf(__global const float *x, __global float *y, int total) {
  int i = get_global_id(0);
  if (i < total) {
    y[i] = 0.5f * x[i] * erfc(-0.707106781186548f * x[i]);
  }
}
