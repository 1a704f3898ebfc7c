// SPDX-License-Identifier: Apache-2.0

// As kv_f32.cl; F16, whose products round the other operand to as many digits.
#define KV half
#define KV_UNIT 1
#define KV_ROUNDED

static float kv1(__global const half *p, size_t i) { return vload_half(i, p); }

static float4 kv4(__global const half *p, size_t i) {
#ifdef ALIGNED
  return vloada_half4(0, p + i);
#else
  return vload_half4(0, p + i);
#endif
}

static void kv_store(__global const float *x, size_t i, __global half *p) {
  vstore_half_rte(*x, i, p);
}
