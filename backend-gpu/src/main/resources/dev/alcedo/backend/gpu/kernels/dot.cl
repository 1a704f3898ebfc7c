// SPDX-License-Identifier: Apache-2.0

// Products of four signed bytes with four others, summed up. ARM_DOT: the device has them in one
// instruction, else they are computed one by one: the same numbers.
#ifdef ARM_DOT
#pragma OPENCL EXTENSION cl_arm_integer_dot_product_int8 : enable
static int dot4(char4 a, char4 b) { return arm_dot(a, b); }
#else
static int dot4(char4 a, char4 b) {
  int4 p = convert_int4(a) * convert_int4(b);
  return (p.x + p.y) + (p.z + p.w);
}
#endif
