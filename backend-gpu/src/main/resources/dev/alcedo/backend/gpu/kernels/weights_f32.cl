// SPDX-License-Identifier: Apache-2.0

// Eight elements of a weight row as floats: elements 8 group to 8 group + 7 of row `row`, a row
// having `groups` such groups, the last one filled up with zeros. F32.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  return vload8((size_t)row * groups + group, (__global const float *)quants);
}
