// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; BF16, the upper halves of floats.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  ushort8 upper = ((__global const ushort8 *)quants)[(size_t)row * groups + group];
  return as_float8(convert_uint8(upper) << 16u);
}
