// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; Q4_0, repacked: neighbours share a byte, so that eight elements are one word;
// the F16 scales are apart, one for 32 elements.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  size_t i = (size_t)row * groups + group;
  uint8 q = (uint8)(((__global const uint *)quants)[i]);
  q = q >> (uint8)(0u, 4u, 8u, 12u, 16u, 20u, 24u, 28u) & 15u;
  return (convert_float8(q) - 8.0f) * vload_half(i / 4, (__global const half *)scales);
}
