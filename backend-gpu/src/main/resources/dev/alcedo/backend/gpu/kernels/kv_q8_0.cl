// SPDX-License-Identifier: Apache-2.0

// As kv_f32.cl; Q8_0: blocks of an F16 scale and 32 codes, of which rows are whole numbers.
#define KV uchar
#define KV_UNIT 32

static float kv_scale(__global const uchar *p, size_t i) {
  return vload_half(i / 32 * 17, (__global const half *)p);
}

static __global const char *kv_codes(__global const uchar *p, size_t i) {
  return (__global const char *)p + i / 32 * 34 + 2 + i % 32;
}

static float kv1(__global const uchar *p, size_t i) { return kv_scale(p, i) * *kv_codes(p, i); }

static float4 kv4(__global const uchar *p, size_t i) {
  return kv_scale(p, i) * convert_float4(vload4(0, kv_codes(p, i)));
}

// Codes of -127 to 127 with halves away from zero, as the cpu backend stores them.
static void kv_store(__global const float *x, size_t i, __global uchar *p) {
  float largest = 0.0f;
  for (int j = 0; j < 32; j++) {
    largest = fmax(largest, fabs(x[j]));
  }
  float scale = largest / 127.0f;
  float inverse = scale == 0.0f ? 0.0f : 1.0f / scale;
  __global uchar *block = p + i / 32 * 34;
  vstore_half_rte(scale, 0, (__global half *)block);
  for (int j = 0; j < 32; j++) {
    float code = inverse * x[j];
    ((__global char *)block)[2 + j] = convert_char_sat_rtz(code + copysign(0.5f, code));
  }
}
