// SPDX-License-Identifier: Apache-2.0

// Rows of a table by id: one work-item for eight elements. Follows a weights_*.cl.
__kernel void embedding(__global const int *ids, __global const uchar *quants,
                        __global const uchar *scales, __global float *y, int cols, int vocabulary,
                        int total) {
  int i = get_global_id(0);
  if (i >= total) {
    return;
  }
  int groups = (cols + 7) / 8;
  int row = i / groups;
  int group = i % groups;
  // Ids of the caller's are checked before; this keeps computed ones inside the table.
  int id = clamp(ids[row], 0, vocabulary - 1);
  float8 w = weights8(quants, scales, id, group, groups);
  __global float *to = y + (size_t)row * cols + 8 * group;
  if (8 * group + 8 <= cols) {
    vstore8(w, 0, to);
    return;
  }
  float elements[8];
  vstore8(w, 0, elements);
  for (int j = 0; j < cols - 8 * group; j++) {
    to[j] = elements[j];
  }
}
