// SPDX-License-Identifier: Apache-2.0

// LANES neighbouring work-items that share an output, each with a part of its sum. LANE is which of
// them a work-item is, LANE_OUTPUT which output. One lane where work-items run one after the other.

static float sum8(float8 x) {
  float4 four = x.lo + x.hi;
  float2 two = four.lo + four.hi;
  return two.x + two.y;
}

#define LANE ((int)get_local_id(0) % LANES)
#define LANE_OUTPUT ((int)get_global_id(0) / LANES)

#if LANES > 1
// The sum over the lanes of an output, for the first of them; scratch has GROUP elements.
static float lanes_sum(float x, __local float *scratch) {
  int place = get_local_id(0);
  int lane = place % LANES;
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
