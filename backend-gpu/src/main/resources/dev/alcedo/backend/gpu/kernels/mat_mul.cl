// SPDX-License-Identifier: Apache-2.0

// y = x w^T + bias for many rows of x: a group of SIDE x SIDE work-items computes a tile of TILE
// rows and columns, 4 x 4 elements each, from slabs of DEPTH elements of k in local memory, where
// weights lie as floats. Follows a weights_*.cl and activations.cl.

#define TILE (4 * SIDE)
#define DEPTH 16

__kernel void mat_mul(__global const float *x, __global const uchar *quants,
                      __global const uchar *scales, __global const float *bias, __global float *y,
                      int k, int n, int has_bias, int rows) {
  __local float xs[DEPTH][TILE];
  __local float ws[DEPTH][TILE];
  int across = get_local_id(0);
  int down = get_local_id(1);
  int lane = down * SIDE + across;
  int col_start = get_group_id(0) * TILE;
  int row_start = get_group_id(1) * TILE;
  int groups = (k + 7) / 8;
  float4 sums[4];
  for (int r = 0; r < 4; r++) {
    sums[r] = 0.0f;
  }
  for (int slab = 0; slab < groups; slab += DEPTH / 8) {
    for (int piece = lane; piece < TILE * (DEPTH / 8); piece += SIDE * SIDE) {
      int i = piece % TILE;
      int part = piece / TILE;
      int group = slab + part;
      float8 a = 0.0f;
      float8 w = 0.0f;
      if (group < groups) {
        // Rows and columns beyond the last repeat it and are not stored.
        a = activations8(x + (size_t)min(row_start + i, rows - 1) * k, group, k);
        w = weights8(quants, scales, min(col_start + i, n - 1), group, groups);
      }
      int d = 8 * part;
      xs[d][i] = a.s0;
      xs[d + 1][i] = a.s1;
      xs[d + 2][i] = a.s2;
      xs[d + 3][i] = a.s3;
      xs[d + 4][i] = a.s4;
      xs[d + 5][i] = a.s5;
      xs[d + 6][i] = a.s6;
      xs[d + 7][i] = a.s7;
      ws[d][i] = w.s0;
      ws[d + 1][i] = w.s1;
      ws[d + 2][i] = w.s2;
      ws[d + 3][i] = w.s3;
      ws[d + 4][i] = w.s4;
      ws[d + 5][i] = w.s5;
      ws[d + 6][i] = w.s6;
      ws[d + 7][i] = w.s7;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int d = 0; d < DEPTH; d++) {
      float4 a = vload4(down, xs[d]);
      float4 w = vload4(across, ws[d]);
      sums[0] += a.x * w;
      sums[1] += a.y * w;
      sums[2] += a.z * w;
      sums[3] += a.w * w;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (int r = 0; r < 4; r++) {
    int row = row_start + 4 * down + r;
    float elements[4];
    vstore4(sums[r], 0, elements);
    for (int c = 0; c < 4; c++) {
      int col = col_start + 4 * across + c;
      if (row < rows && col < n) {
        y[(size_t)row * n + col] = elements[c] + (has_bias ? bias[col] : 0.0f);
      }
    }
  }
}
