// SPDX-License-Identifier: Apache-2.0

// y = x w^T + bias for many rows of x: a group of SIDE x SIDE work-items computes a tile of TILE
// rows and columns, 4 x 4 elements each, from slabs of DEPTH elements of k in local memory, where
// weights lie as floats. What the next slab needs is read before this one is multiplied, so that
// memory is waited for meanwhile. Follows a weights_*.cl and activations.cl.
//
// HALVES: slabs and products are in 16 bits and sums over a slab, too; what slabs come to is added
// in floats. Rows of x are brought to a size that 16 bits hold, see row_factors. Needs FP16.

#define TILE (4 * SIDE)
#define DEPTH 32
#define PIECES (TILE * (DEPTH / 8) / (SIDE * SIDE))

#ifdef HALVES
#define SLAB ushort // a half, where only pointers to such may be declared
#define PUT(x, p) vstore_half(x, 0, (__local half *)(p))
#else
#define SLAB float
#define PUT(x, p) *(p) = (x)
#endif

static void put8(__local SLAB *column, float8 x) {
  PUT(x.s0, column);
  PUT(x.s1, column + TILE);
  PUT(x.s2, column + 2 * TILE);
  PUT(x.s3, column + 3 * TILE);
  PUT(x.s4, column + 4 * TILE);
  PUT(x.s5, column + 5 * TILE);
  PUT(x.s6, column + 6 * TILE);
  PUT(x.s7, column + 7 * TILE);
}

__kernel void mat_mul(__global const float *x, __global const uchar *quants,
                      __global const uchar *scales, __global const float *bias, __global float *y,
                      int k, int n, int has_bias, int rows
#ifdef HALVES
                      , __global const float *factors
#endif
) {
  __local SLAB xs[DEPTH * TILE];
  __local SLAB ws[DEPTH * TILE];
  int across = get_local_id(0);
  int down = get_local_id(1);
  int lane = down * SIDE + across;
  int col_start = get_group_id(0) * TILE;
  int row_start = get_group_id(1) * TILE;
  int groups = (k + 7) / 8;
  float8 a[PIECES];
  float8 w[PIECES];
  float4 sums[4];
  for (int r = 0; r < 4; r++) {
    sums[r] = 0.0f;
  }
  for (int slab = -DEPTH / 8; slab < groups; slab += DEPTH / 8) {
    if (slab >= 0) {
      for (int p = 0; p < PIECES; p++) {
        int piece = lane + p * SIDE * SIDE;
        int at = piece / TILE * 8 * TILE + piece % TILE;
        put8(xs + at, a[p]);
        put8(ws + at, w[p]);
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int p = 0; p < PIECES; p++) {
      int piece = lane + p * SIDE * SIDE;
      int i = piece % TILE;
      int group = slab + DEPTH / 8 + piece / TILE;
      a[p] = 0.0f;
      w[p] = 0.0f;
      if (group < groups) {
        // Rows and columns beyond the last repeat it and are not stored.
        int row = min(row_start + i, rows - 1);
        a[p] = activations8(x + (size_t)row * k, group, k);
#ifdef HALVES
        a[p] *= factors[row];
#endif
        w[p] = weights8(quants, scales, min(col_start + i, n - 1), group, groups);
      }
    }
    if (slab >= 0) {
#ifdef HALVES
      real4 parts[4];
      for (int r = 0; r < 4; r++) {
        parts[r] = real4_zero();
      }
      for (int d = 0; d < DEPTH; d++) {
        real4 xd = real4_load(down, (__local const half *)(xs + d * TILE));
        real4 wd = real4_load(across, (__local const half *)(ws + d * TILE));
        real4_products(xd, wd, parts);
      }
      for (int r = 0; r < 4; r++) {
        sums[r] += real4_floats(parts[r]);
      }
#else
      for (int d = 0; d < DEPTH; d++) {
        float4 xd = vload4(down, xs + d * TILE);
        float4 wd = vload4(across, ws + d * TILE);
        sums[0] += xd.x * wd;
        sums[1] += xd.y * wd;
        sums[2] += xd.z * wd;
        sums[3] += xd.w * wd;
      }
#endif
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (int r = 0; r < 4; r++) {
    int row = row_start + 4 * down + r;
    float elements[4];
#ifdef HALVES
    sums[r] /= factors[min(row, rows - 1)];
#endif
    vstore4(sums[r], 0, elements);
    for (int c = 0; c < 4; c++) {
      int col = col_start + 4 * across + c;
      if (row < rows && col < n) {
        y[(size_t)row * n + col] = elements[c] + (has_bias ? bias[col] : 0.0f);
      }
    }
  }
}
