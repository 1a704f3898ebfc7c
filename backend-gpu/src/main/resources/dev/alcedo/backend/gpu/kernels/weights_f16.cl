// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; F16.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  return vloada_half8((size_t)row * groups + group, (__global const half *)quants);
}
