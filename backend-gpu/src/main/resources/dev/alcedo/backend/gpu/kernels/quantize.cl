// SPDX-License-Identifier: Apache-2.0

// A row of activations in 8 bits, for products that are summed up in integers: one work-item a
// block of 32, which gets a scale and its sum. NORM: of an RMS norm of the row, whose factor every
// group computes for itself. NEIGHBOURS: even elements before odd ones in each eight, as the
// nibbles of 4-bit weights come out of their bytes.
__kernel void quantize(__global const float *x, __global char *y, __global float2 *scales, int k
#ifdef NORM
                       , __global const float *norm, float eps
#endif
) {
  int block = get_global_id(0);
#ifdef NORM
  __local float scratch[GROUP];
  float squares = 0.0f;
  for (int i = get_local_id(0); i < k; i += GROUP) {
    squares += x[i] * x[i];
  }
  float factor = 1.0f / sqrt(group_sum(squares, scratch) / k + eps);
#endif
  if (32 * block >= k) {
    return;
  }
  float8 parts[4];
  float largest = 0.0f;
  for (int p = 0; p < 4; p++) {
    int group = 4 * block + p;
    float8 part = ((__global const float8 *)x)[group];
#ifdef NORM
    part *= ((__global const float8 *)norm)[group] * factor;
#endif
    float8 size = fabs(part);
    float4 four = fmax(size.lo, size.hi);
    float2 two = fmax(four.lo, four.hi);
    largest = fmax(largest, fmax(two.x, two.y));
    parts[p] = part;
  }
  float scale = largest / 127.0f;
  float inverse = largest > 0.0f ? 127.0f / largest : 0.0f;
  int sum = 0;
  for (int p = 0; p < 4; p++) {
    char8 q = convert_char8_sat_rte(parts[p] * inverse);
    int8 wide = convert_int8(q);
    int4 four = wide.lo + wide.hi;
    sum += (four.x + four.y) + (four.z + four.w);
#ifdef NEIGHBOURS
    q = q.s02461357;
#endif
    ((__global char8 *)y)[4 * block + p] = q;
  }
  scales[block] = (float2)(scale, scale * sum);
}
