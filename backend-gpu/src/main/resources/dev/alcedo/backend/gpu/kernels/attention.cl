// SPDX-License-Identifier: Apache-2.0

// softmax(scale q k^T) v, a group for each row and head, keys in tiles of GROUP with a running
// maximum and sum (Milakov and Gimelshein, arXiv 1805.02867), so that scores never leave the group.
// In a tile each lane scores one key; then each lane sums up every GROUP-th element of the values.
// KV_HALF: keys and values are F16, else F32.
// SPLIT: the keys of a row are divided among groups, which leave maximum, sum and sums of values
// behind; attention_join makes one row of them. For few rows, which alone keep few groups busy.

#ifdef KV_HALF
#define KV half
#define KV1(p, i) vload_half(i, p)
#define KV4(p, i) vload_half4(0, (p) + (i))
#else
#define KV float
#define KV1(p, i) (p)[i]
#define KV4(p, i) vload4(0, (p) + (i))
#endif

#define HEAD_LENGTH_MAX 256
#define PARTS (HEAD_LENGTH_MAX / GROUP)

static float score(__local const float *q, __global const KV *k, int length) {
  float4 sums = 0.0f;
  int i = 0;
  for (; i + 4 <= length; i += 4) {
    sums += vload4(0, q + i) * KV4(k, i);
  }
  float sum = (sums.x + sums.y) + (sums.z + sums.w);
  for (; i < length; i++) {
    sum += q[i] * KV1(k, i);
  }
  return sum;
}

// Key j of head h is at h * head_stride + j * key_stride of k, its value value_start further on in v.
// With position >= 0 attention is causal: row r of the launch is at position + r and sees the last
// `window` positions (0: all) up to its own, or up to span_end where that is not 0. With position
// -1 a row sees the keys of its item that have its segment.
__kernel void attention(__global const float *q, __global const KV *k, __global const KV *v,
                        __global const int *segments, __global float *y, int head_count,
                        int head_count_kv, int head_length, float scale, int head_stride,
                        int key_stride, int rows_per_item, int keys_per_item, int window,
                        int has_segments, int row_start, int position, int span_end,
                        int value_start
#ifdef SPLIT
                        , __global float *partials
#endif
) {
  __local float query[HEAD_LENGTH_MAX];
  __local float weights[GROUP];
  __local float scratch[GROUP];
  int lane = get_local_id(0);
  int head = get_group_id(0);
  int row = row_start + get_group_id(1);
  int head_kv = head * head_count_kv / head_count;
  size_t at = ((size_t)row * head_count + head) * head_length;
  for (int i = lane; i < head_length; i += GROUP) {
    query[i] = q[at + i];
  }
  int first = 0;
  int end = 0;
  if (position >= 0) {
    int own = position + get_group_id(1);
    first = window > 0 ? max(0, own - window + 1) : 0;
    end = span_end > 0 ? span_end : own + 1;
  } else {
    first = row / rows_per_item * keys_per_item;
    end = first + keys_per_item;
  }
#ifdef SPLIT
  int part_length = ((end - first) / (int)get_num_groups(2) / GROUP + 1) * GROUP;
  first += part_length * (int)get_group_id(2);
  end = min(end, first + part_length);
#endif
  int segment = has_segments ? segments[row] : 0;
  __global const KV *keys = k + (size_t)head_kv * head_stride;
  __global const KV *values = v + value_start + (size_t)head_kv * head_stride;
  float sums[PARTS];
  for (int p = 0; p < PARTS; p++) {
    sums[p] = 0.0f;
  }
  float max_score = -INFINITY;
  float weight_sum = 0.0f;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int tile = first; tile < end; tile += GROUP) {
    int key = tile + lane;
    bool is_seen = key < end && (!has_segments || segments[key] == segment);
    float s = is_seen ? scale * score(query, keys + (size_t)key * key_stride, head_length)
                      : -INFINITY;
    float tile_max = group_max(s, scratch);
    float new_max = fmax(max_score, tile_max);
    // Nothing seen in this tile, by no lane.
    if (tile_max == -INFINITY) {
      continue;
    }
    float rescale = exp(max_score - new_max);
    float weight = is_seen ? exp(s - new_max) : 0.0f;
    max_score = new_max;
    weight_sum = weight_sum * rescale + weight;
    weights[lane] = weight;
    barrier(CLK_LOCAL_MEM_FENCE);
    int count = min(GROUP, end - tile);
    for (int p = 0; p < PARTS; p++) {
      int i = lane + p * GROUP;
      if (i < head_length) {
        float sum = 0.0f;
        __global const KV *value = values + (size_t)tile * key_stride;
        for (int j = 0; j < count; j++) {
          sum += weights[j] * KV1(value, (size_t)j * key_stride + i);
        }
        sums[p] = sums[p] * rescale + sum;
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float total = group_sum(weight_sum, scratch);
#ifdef SPLIT
  __global float *partial =
      partials + (((size_t)get_group_id(1) * head_count + head) * get_num_groups(2) +
                  get_group_id(2)) * (head_length + 2);
  for (int p = 0; p < PARTS; p++) {
    int i = lane + p * GROUP;
    if (i < head_length) {
      partial[i] = sums[p];
    }
  }
  if (lane == 0) {
    partial[head_length] = max_score;
    partial[head_length + 1] = total;
  }
#else
  for (int p = 0; p < PARTS; p++) {
    int i = lane + p * GROUP;
    if (i < head_length) {
      y[at + i] = sums[p] / total;
    }
  }
#endif
}

// One row of each head of what the parts of SPLIT left behind, a group each. A part that saw
// nothing has a maximum of -INFINITY; at least one has not.
__kernel void attention_join(__global const float *partials, __global float *y, int head_count,
                             int head_length, int row_start, int part_count) {
  int head = get_group_id(0);
  size_t row = get_group_id(1);
  __global const float *all =
      partials + (row * head_count + head) * part_count * (head_length + 2);
  float max_score = -INFINITY;
  for (int p = 0; p < part_count; p++) {
    max_score = fmax(max_score, all[p * (head_length + 2) + head_length]);
  }
  float total = 0.0f;
  for (int p = 0; p < part_count; p++) {
    __global const float *part = all + p * (head_length + 2);
    total += exp(part[head_length] - max_score) * part[head_length + 1];
  }
  for (int i = get_local_id(0); i < head_length; i += GROUP) {
    float sum = 0.0f;
    for (int p = 0; p < part_count; p++) {
      __global const float *part = all + p * (head_length + 2);
      sum += exp(part[head_length] - max_score) * part[i];
    }
    y[((row_start + row) * head_count + head) * head_length + i] = sum / total;
  }
}
