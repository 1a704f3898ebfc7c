// SPDX-License-Identifier: Apache-2.0

// Ops that only move elements, and means of a few of them: one work-item an element of the output.

// Runs of `length` elements, `x_stride` and `y_stride` apart: slices and halves of concatenations.
__kernel void copy_runs(__global const float *x, __global float *y, int length, int x_start,
                        int x_stride, int y_start, int y_stride, int total) {
  int i = get_global_id(0);
  if (i < total) {
    int run = i / length;
    int j = i % length;
    y[(size_t)run * y_stride + y_start + j] = x[(size_t)run * x_stride + x_start + j];
  }
}

__kernel void transpose(__global const float *x, __global float *y, int rows, int cols, int total) {
  int i = get_global_id(0);
  if (i < total) {
    int item = i / (rows * cols);
    int j = i % (rows * cols);
    y[i] = x[(size_t)item * rows * cols + (j % rows) * cols + j / rows];
  }
}

__kernel void pool_2d(__global const float *x, __global float *y, int grid_rows, int grid_cols,
                      int size, int cols, int total) {
  int i = get_global_id(0);
  if (i < total) {
    int cell_cols = grid_cols / size;
    int cell_count = grid_rows / size * cell_cols;
    int col = i % cols;
    int cell = i / cols % cell_count;
    int item = i / cols / cell_count;
    int first = cell / cell_cols * size * grid_cols + cell % cell_cols * size;
    size_t from = ((size_t)item * grid_rows * grid_cols + first) * cols + col;
    float sum = 0.0f;
    for (int r = 0; r < size; r++) {
      for (int c = 0; c < size; c++) {
        sum += x[from + (r * grid_cols + c) * cols];
      }
    }
    y[i] = sum / (size * size);
  }
}

__kernel void space_to_depth(__global const float *x, __global float *y, int grid_rows,
                             int grid_cols, int block, int cols, int total) {
  int i = get_global_id(0);
  if (i < total) {
    int cell_cols = (grid_cols + block - 1) / block;
    int cell_count = (grid_rows + block - 1) / block * cell_cols;
    int col = i % cols;
    int part = i / cols % (block * block);
    int cell = i / cols / (block * block) % cell_count;
    int item = i / cols / (block * block) / cell_count;
    int grid_row = cell / cell_cols * block + part / block;
    int grid_col = cell % cell_cols * block + part % block;
    bool is_inside = grid_row < grid_rows && grid_col < grid_cols;
    size_t from = ((size_t)item * grid_rows * grid_cols + grid_row * grid_cols + grid_col) * cols;
    y[i] = is_inside ? x[from + col] : 0.0f;
  }
}

// Pixels [channels, height, width] to rows of patches, elements in the order channel, row, column.
__kernel void patches(__global const float *x, __global float *y, int patch_size, int channels,
                      int height, int width, int total) {
  int i = get_global_id(0);
  if (i < total) {
    int length = channels * patch_size * patch_size;
    int patch_cols = width / patch_size;
    int patch_count = height / patch_size * patch_cols;
    int element = i % length;
    int patch = i / length % patch_count;
    int item = i / length / patch_count;
    int channel = element / (patch_size * patch_size);
    int row = patch / patch_cols * patch_size + element / patch_size % patch_size;
    int col = patch % patch_cols * patch_size + element % patch_size;
    y[i] = x[((size_t)(item * channels + channel) * height + row) * width + col];
  }
}
