// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; BF16, the upper halves of floats.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  ushort8 upper = vload8((size_t)row * groups + group, (__global const ushort *)quants);
  return as_float8(convert_uint8(upper) << 16u);
}
