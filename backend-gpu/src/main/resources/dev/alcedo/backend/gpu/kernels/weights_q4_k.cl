// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; Q4_K, repacked: neighbours share a byte, so that eight elements are one word;
// for each 256 elements 20 bytes apart: F16 d and dmin, eight scales, eight mins, a byte each.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  size_t i = (size_t)row * groups + group;
  uint8 q = (uint8)(((__global const uint *)quants)[i]);
  q = q >> (uint8)(0u, 4u, 8u, 12u, 16u, 20u, 24u, 28u) & 15u;
  __global const uchar *s = scales + i / 32 * 20;
  float d = vload_half(0, (__global const half *)s);
  float dmin = vload_half(1, (__global const half *)s);
  int part = group % 32 / 4;
  return convert_float8(q) * (d * s[4 + part]) - dmin * s[12 + part];
}
