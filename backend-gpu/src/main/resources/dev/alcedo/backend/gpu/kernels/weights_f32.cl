// SPDX-License-Identifier: Apache-2.0

// Eight elements of a weight row as floats: elements 8 group to 8 group + 7 of row `row`, a row
// having `groups` such groups, the last one filled up with zeros, so that they are aligned. F32.
static float8 weights8(__global const uchar *quants, __global const uchar *scales, int row,
                       int group, int groups) {
  return ((__global const float8 *)quants)[(size_t)row * groups + group];
}
