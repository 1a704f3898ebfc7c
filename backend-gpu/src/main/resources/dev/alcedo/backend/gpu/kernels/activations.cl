// SPDX-License-Identifier: Apache-2.0

// Left operands of products. With ROUNDED_BITS x is rounded, ties to even, to what is left without
// so many bits: 16 if weights are BF16, 13 if they are F16.
// ALIGNED: rows are whole numbers of eight elements, so that each eight are read in one piece.

static float8 rounded(float8 x) {
#ifdef ROUNDED_BITS
  uint8 bits = as_uint8(x);
  uint8 up = (1u << (ROUNDED_BITS - 1)) - 1u + (bits >> (uint)ROUNDED_BITS & 1u);
  float8 y = as_float8((bits + up) & ~((1u << ROUNDED_BITS) - 1u));
  return select(y, x, isnan(x));
#else
  return x;
#endif
}

// Elements 8 group to 8 group + 7 of a row of k, zeros beyond it.
static float8 activations8(__global const float *row, int group, int k) {
#ifdef ALIGNED
  return rounded(((__global const float8 *)row)[group]);
#else
  if (8 * group + 8 <= k) {
    return rounded(vload8(group, row));
  }
  float elements[8];
  for (int i = 0; i < 8; i++) {
    elements[i] = 8 * group + i < k ? row[8 * group + i] : 0.0f;
  }
  return rounded(vload8(0, elements));
#endif
}
