// SPDX-License-Identifier: Apache-2.0

// y = x w^T + bias for few rows of x. LANES neighbouring work-items share an element of the output,
// each taking every LANES-th group of eight weights, so that a group of work-items reads weights in
// one piece; each reads its weights once for ROWS rows of x. One lane where there are no lanes to
// keep together (CPU devices). Follows a weights_*.cl, activations.cl and lanes.cl.
__kernel void mat_vec(__global const float *x, __global const uchar *quants,
                      __global const uchar *scales, __global const float *bias, __global float *y,
                      int k, int n, int has_bias, int rows) {
  int lane = LANE;
  int col = LANE_OUTPUT;
  int row_start = get_global_id(1) * ROWS;
  int groups = (k + 7) / 8;
  float8 sums[ROWS];
  for (int r = 0; r < ROWS; r++) {
    sums[r] = 0.0f;
  }
  if (col < n) {
    for (int group = lane; group < groups; group += LANES) {
      float8 w = weights8(quants, scales, col, group, groups);
      for (int r = 0; r < ROWS; r++) {
        int row = min(row_start + r, rows - 1);
        sums[r] += w * activations8(x + (size_t)row * k, group, k);
      }
    }
  }
#if LANES > 1
  __local float scratch[GROUP];
#endif
  for (int r = 0; r < ROWS; r++) {
    float sum = LANES_SUM(sum8(sums[r]));
    if (lane == 0 && col < n && row_start + r < rows) {
      y[(size_t)(row_start + r) * n + col] = sum + (has_bias ? bias[col] : 0.0f);
    }
  }
}
