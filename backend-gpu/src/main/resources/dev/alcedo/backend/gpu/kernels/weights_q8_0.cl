// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; Q8_0 with its F16 scales apart, one for 32 elements.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  size_t i = (size_t)row * groups + group;
  char8 q = vload8(i, (__global const char *)quants);
  return convert_float8(q) * vload_half(i / 4, (__global const half *)scales);
}
