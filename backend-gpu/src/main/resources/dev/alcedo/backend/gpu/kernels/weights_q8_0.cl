// SPDX-License-Identifier: Apache-2.0

// As weights_f32.cl; Q8_0 with its F16 scales apart, one for 32 elements.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  size_t i = (size_t)row * groups + group;
  char8 q = ((__global const char8 *)quants)[i];
  return convert_float8(q) * vload_half(i / 4, (__global const half *)scales);
}

#ifdef INT8
// The product of block `block` of 32 elements with activations as quantize.cl leaves them.
static float block_dot(__global const uchar *quants, __global const uchar *scales, int row,
                       int block, int blocks, __global const char4 *x, float2 x_scale) {
  size_t i = (size_t)row * blocks + block;
  __global const char4 *q = (__global const char4 *)quants + 8 * i;
  x += 8 * block;
  int sum = 0;
  for (int j = 0; j < 8; j++) {
    sum += arm_dot(q[j], x[j]);
  }
  return x_scale.x * sum * vload_half(i, (__global const half *)scales);
}
#endif
