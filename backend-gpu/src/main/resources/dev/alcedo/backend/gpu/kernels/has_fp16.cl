// SPDX-License-Identifier: Apache-2.0

// Arithmetic in 16 bits.
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
#define FP16

typedef half4 real4;

static real4 real4_zero(void) { return (half4)(0.0h); }
static real4 real4_load(int i, __local const half *p) { return vload4(i, p); }
static float4 real4_floats(real4 x) { return convert_float4(x); }

// sums[i] + x[i] * w
static void real4_products(real4 x, real4 w, real4 *sums) {
  sums[0] = fma((half4)(x.x), w, sums[0]);
  sums[1] = fma((half4)(x.y), w, sums[1]);
  sums[2] = fma((half4)(x.z), w, sums[2]);
  sums[3] = fma((half4)(x.w), w, sums[3]);
}
