// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; Q6_K, repacked: a row has its low nibbles, neighbours sharing a byte, then its
// high bit pairs, four to a byte; for each 256 elements 18 bytes apart: F16 d, sixteen signed
// scales.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  size_t start = (size_t)row * groups * 6;
  uint8 low = (uint8)(*(__global const uint *)(quants + start + 4 * group));
  uint8 high = (uint8)(*(__global const ushort *)(quants + start + 4 * groups + 2 * group));
  low = low >> (uint8)(0u, 4u, 8u, 12u, 16u, 20u, 24u, 28u) & 15u;
  high = high >> (uint8)(0u, 2u, 4u, 6u, 8u, 10u, 12u, 14u) & 3u;
  __global const uchar *s = scales + ((size_t)row * groups + group) / 32 * 18;
  float d = vload_half(0, (__global const half *)s);
  int part = group % 32 / 2;
  float8 q = convert_float8(low | high << 4u) - 32.0f;
  return q * (d * ((__global const char *)s)[2 + part]);
}
