// SPDX-License-Identifier: Apache-2.0

// Keys and values as a cache of F32 has them, by element. ALIGNED: rows of them are whole numbers
// of four elements, so that each four are read in one piece. KV_UNIT: elements stored together.
#define KV float
#define KV_UNIT 1

static float kv1(__global const float *p, size_t i) { return p[i]; }

static float4 kv4(__global const float *p, size_t i) {
#ifdef ALIGNED
  return *(__global const float4 *)(p + i);
#else
  return vload4(0, p + i);
#endif
}

static void kv_store(__global const float *x, size_t i, __global float *p) { p[i] = *x; }
