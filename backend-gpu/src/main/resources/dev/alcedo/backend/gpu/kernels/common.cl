// SPDX-License-Identifier: Apache-2.0

// Before every program. OpenCL C 1.2. Element counts fit an int. Global sizes are rounded up to
// whole groups, so every kernel knows where its work ends. GROUP is the size of the groups that
// reduce a row together, a power of two.

// The sum over a group; scratch has GROUP elements.
static float group_sum(float x, __local float *scratch) {
  int lane = get_local_id(0);
  scratch[lane] = x;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) {
      scratch[lane] += scratch[lane + half_size];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float sum = scratch[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}

// The largest of a group.
static float group_max(float x, __local float *scratch) {
  int lane = get_local_id(0);
  scratch[lane] = x;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) {
      scratch[lane] = fmax(scratch[lane], scratch[lane + half_size]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float max = scratch[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return max;
}

// What a program that was kept is asked before it is used: multiples of the number compiled in.
__kernel void self_test(__global uint *y) {
  int i = get_global_id(0);
  y[i] = (uint)(i + 1) * SELF_TEST;
}
