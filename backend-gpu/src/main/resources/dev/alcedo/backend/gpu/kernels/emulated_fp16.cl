// SPDX-License-Identifier: Apache-2.0

// Arithmetic in the 11 digits of 16 bits on devices that have none, for tests of what uses it.
#define FP16

typedef float4 real4;

static real4 real4_zero(void) { return (float4)(0.0f); }
static real4 real4_load(int i, __local const half *p) { return vload_half4(i, p); }
static float4 real4_floats(real4 x) { return x; }

static float4 emulated_rounded(float4 x) {
  uint4 bits = as_uint4(x);
  return as_float4((bits + 0xFFFu + (bits >> 13u & 1u)) & ~0x1FFFu);
}

// sums[i] + x[i] * w
static void real4_products(real4 x, real4 w, real4 *sums) {
  sums[0] = emulated_rounded(fma((float4)(x.x), w, sums[0]));
  sums[1] = emulated_rounded(fma((float4)(x.y), w, sums[1]));
  sums[2] = emulated_rounded(fma((float4)(x.z), w, sums[2]));
  sums[3] = emulated_rounded(fma((float4)(x.w), w, sums[3]));
}
