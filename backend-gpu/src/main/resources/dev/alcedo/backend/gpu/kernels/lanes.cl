// SPDX-License-Identifier: Apache-2.0

// LANES neighbouring work-items that share an output, each with a part of its sum. LANE is which of
// them a work-item is, LANE_OUTPUT which output. One lane where work-items run one after the other.

static float sum8(float8 x) {
  float4 four = x.lo + x.hi;
  float2 two = four.lo + four.hi;
  return two.x + two.y;
}

// Where a work-item is in its group. Which ones a subgroup has is the driver's choice, so lanes are
// numbered by subgroups where there are any.
#ifdef SUBGROUPS
#define PLACE ((int)(get_sub_group_id() * get_max_sub_group_size() + get_sub_group_local_id()))
#else
#define PLACE ((int)get_local_id(0))
#endif
#define LANE (PLACE % LANES)
#define LANE_OUTPUT ((int)(get_group_id(0) * (GROUP / LANES)) + PLACE / LANES)

#if LANES > 1
// The sum over the lanes of an output, for the first of them; scratch has GROUP elements.
static float lanes_sum(float x, __local float *scratch) {
  int place = PLACE;
  int lane = place % LANES;
#ifdef SUBGROUPS
  int size = get_max_sub_group_size();
  if (LANES % size == 0) {
    x = sub_group_reduce_add(x);
    if (LANES > size) {
      if (get_sub_group_local_id() == 0) {
        scratch[get_sub_group_id()] = x;
      }
      barrier(CLK_LOCAL_MEM_FENCE);
      int first = place / LANES * (LANES / size);
      x = 0.0f;
      for (int i = 0; i < LANES / size; i++) {
        x += scratch[first + i];
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    return x;
  }
#endif
  scratch[place] = x;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = LANES / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) {
      scratch[place] += scratch[place + half_size];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float sum = scratch[place];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}
#define LANES_SUM(x) lanes_sum(x, scratch)
#else
#define LANES_SUM(x) (x)
#endif
