// SPDX-License-Identifier: Apache-2.0

// Activation functions.

static float silu_of(float x) { return x / (1.0f + exp(-x)); }

static float quick_gelu_of(float x) { return x / (1.0f + exp(-1.702f * x)); }

// 0.5 (1 + tanh(u)) is 1 / (1 + exp(-2 u)), where nothing cancels.
static float gelu_tanh_of(float x) {
  float u = 0.797884560802865f * (x + 0.044715f * x * x * x);
  return x / (1.0f + exp(-2.0f * u));
}

// 1 + erf(u) is erfc(-u), where nothing cancels.
static float gelu_erf_of(float x) { return 0.5f * x * erfc(-0.707106781186548f * x); }
