// SPDX-License-Identifier: Apache-2.0

// Products of four signed bytes with four others, summed up byte by byte on devices that have no
// instruction for it, for tests of what uses it.
#define ARM_DOT

static int arm_dot(char4 a, char4 b) {
  int4 p = convert_int4(a) * convert_int4(b);
  return (p.x + p.y) + (p.z + p.w);
}
