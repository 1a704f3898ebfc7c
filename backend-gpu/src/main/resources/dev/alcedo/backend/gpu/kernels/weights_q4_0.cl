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

#ifdef INT8
// The product of block `block` of 32 elements with activations as quantize.cl leaves them.
static float block_dot(__global const uchar *quants, __global const uchar *scales, int row,
                       int block, int blocks, __global const char4 *x, float2 x_scale) {
  size_t i = (size_t)row * blocks + block;
  uint4 q = ((__global const uint4 *)quants)[i];
  x += 8 * block;
  uint4 low = q & 0x0F0F0F0Fu;
  uint4 high = q >> 4u & 0x0F0F0F0Fu;
  int sum = arm_dot(as_char4(low.x), x[0]) + arm_dot(as_char4(high.x), x[1]);
  sum += arm_dot(as_char4(low.y), x[2]) + arm_dot(as_char4(high.y), x[3]);
  sum += arm_dot(as_char4(low.z), x[4]) + arm_dot(as_char4(high.z), x[5]);
  sum += arm_dot(as_char4(low.w), x[6]) + arm_dot(as_char4(high.w), x[7]);
  return (x_scale.x * sum - 8.0f * x_scale.y) * vload_half(i, (__global const half *)scales);
}
#endif
