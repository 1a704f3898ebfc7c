// SPDX-License-Identifier: Apache-2.0

// Subgroups of eight on devices that have none, for tests of what uses them: through the local
// memory `scratch` of whoever reduces.
#define SUBGROUPS
#define SUB_GROUP_SIZE 8

static uint get_sub_group_local_id(void) { return get_local_id(0) % SUB_GROUP_SIZE; }
static uint get_sub_group_id(void) { return get_local_id(0) / SUB_GROUP_SIZE; }
static uint get_num_sub_groups(void) { return GROUP / SUB_GROUP_SIZE; }
static uint get_max_sub_group_size(void) { return SUB_GROUP_SIZE; }

#define EMULATED_REDUCTION(name, joined)                            \
  static float name(float x, __local float *scratch) {              \
    int start = get_sub_group_id() * SUB_GROUP_SIZE;                \
    scratch[get_local_id(0)] = x;                                   \
    barrier(CLK_LOCAL_MEM_FENCE);                                   \
    float a = scratch[start];                                       \
    for (int i = 1; i < SUB_GROUP_SIZE; i++) {                      \
      float b = scratch[start + i];                                 \
      a = joined;                                                   \
    }                                                               \
    barrier(CLK_LOCAL_MEM_FENCE);                                   \
    return a;                                                       \
  }

EMULATED_REDUCTION(emulated_reduce_add, a + b)
EMULATED_REDUCTION(emulated_reduce_max, fmax(a, b))
#define sub_group_reduce_add(x) emulated_reduce_add(x, scratch)
#define sub_group_reduce_max(x) emulated_reduce_max(x, scratch)
