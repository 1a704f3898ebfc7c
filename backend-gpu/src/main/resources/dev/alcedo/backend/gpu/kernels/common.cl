// SPDX-License-Identifier: Apache-2.0

// Before every program. OpenCL C 1.2. Element counts fit an int. Global sizes are rounded up to
// whole groups, so every kernel knows where its work ends. GROUP is the size of the groups that
// reduce a row together, a power of two. Optional features are behind SUBGROUPS, FP16 and ARM_DOT;
// has_*.cl or emulated_*.cl before this file give each of them the same names.

// Over a group, the sum and the largest; scratch has GROUP elements and is called that wherever one
// of these is used. With SUBGROUPS, what is left for local memory is one number a subgroup.
#ifdef SUBGROUPS
#define GROUP_REDUCTION(name, reduce, joined)                      \
  static float name(float x, __local float *scratch) {             \
    x = reduce(x);                                                 \
    if (get_sub_group_local_id() == 0) {                           \
      scratch[get_sub_group_id()] = x;                             \
    }                                                              \
    barrier(CLK_LOCAL_MEM_FENCE);                                  \
    float a = scratch[0];                                          \
    for (int i = 1; i < (int)get_num_sub_groups(); i++) {          \
      float b = scratch[i];                                        \
      a = joined;                                                  \
    }                                                              \
    barrier(CLK_LOCAL_MEM_FENCE);                                  \
    return a;                                                      \
  }

GROUP_REDUCTION(group_sum, sub_group_reduce_add, a + b)
GROUP_REDUCTION(group_max, sub_group_reduce_max, fmax(a, b))
#else
#define GROUP_REDUCTION(name, joined)                                         \
  static float name(float x, __local float *scratch) {                        \
    int lane = get_local_id(0);                                               \
    scratch[lane] = x;                                                        \
    barrier(CLK_LOCAL_MEM_FENCE);                                             \
    for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {          \
      if (lane < half_size) {                                                 \
        float a = scratch[lane];                                              \
        float b = scratch[lane + half_size];                                  \
        scratch[lane] = joined;                                               \
      }                                                                       \
      barrier(CLK_LOCAL_MEM_FENCE);                                           \
    }                                                                         \
    float result = scratch[0];                                                \
    barrier(CLK_LOCAL_MEM_FENCE);                                             \
    return result;                                                            \
  }

GROUP_REDUCTION(group_sum, a + b)
GROUP_REDUCTION(group_max, fmax(a, b))
#endif

// What a program that was kept is asked before it is used: multiples of the number compiled in.
__kernel void self_test(__global uint *y) {
  int i = get_global_id(0);
  y[i] = (uint)(i + 1) * SELF_TEST;
}
