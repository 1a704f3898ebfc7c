// SPDX-License-Identifier: Apache-2.0

// softmax(scale q k^T) v, a group for each head and ROWS rows, keys in tiles of GROUP with a
// running maximum and sum (Milakov and Gimelshein, arXiv 1805.02867), so that scores never leave
// the group. In a tile each lane scores one key; then each lane sums up every GROUP-th element of
// the values. Keys and values are read once for all ROWS.
// Follows a kv_*.cl. Where that says KV_ROUNDED, q and the probabilities are rounded to the 11
// digits of an F16, as on cpu: a pass over the keys finds maximum and sum first. Not with SPLIT,
// where no group knows the sum. ALIGNED: HEAD_LENGTH is a multiple of 4, and so is where each key
// begins.
//
// SPLIT: the keys of a row are divided among groups, which leave maximum, sum and sums of values
// behind; attention_join makes one row of them. For few rows, which alone keep few groups busy.

#if defined(KV_ROUNDED) && !defined(SPLIT)
#define ROUNDED
#endif

#define PARTS ((HEAD_LENGTH + GROUP - 1) / GROUP)
#define PITCH ((HEAD_LENGTH + 3) / 4 * 4)

// x in 11 digits, ties to even, whatever its exponent.
static float rounded(float x) {
#ifdef ROUNDED
  uint bits = as_uint(x);
  uint up = 0xFFFu + (bits >> 13 & 1u);
  return isnan(x) ? x : as_float((bits + up) & ~0x1FFFu);
#else
  return x;
#endif
}

// Products of ROWS queries with the key at element `at`.
static void products(__local const float *query, __global const KV *k, size_t at, float *sums) {
  float4 fours[ROWS];
  for (int r = 0; r < ROWS; r++) {
    fours[r] = 0.0f;
  }
  for (int i = 0; i + 4 <= HEAD_LENGTH; i += 4) {
    float4 four = kv4(k, at + i);
    for (int r = 0; r < ROWS; r++) {
      fours[r] += vload4(0, query + r * PITCH + i) * four;
    }
  }
  for (int i = HEAD_LENGTH / 4 * 4; i < HEAD_LENGTH; i++) {
    for (int r = 0; r < ROWS; r++) {
      fours[r].x += query[r * PITCH + i] * kv1(k, at + i);
    }
  }
  for (int r = 0; r < ROWS; r++) {
    sums[r] = (fours[r].x + fours[r].y) + (fours[r].z + fours[r].w);
  }
}

#ifndef ROUNDED
// The largest over the group of each of ROWS numbers.
static void rows_max(const float *x, float *max, __local float *scratch) {
#ifdef SUBGROUPS
  for (int r = 0; r < ROWS; r++) {
    max[r] = sub_group_reduce_max(x[r]);
  }
  for (int r = 0; r < ROWS; r++) {
    if (get_sub_group_local_id() == 0) {
      scratch[r * GROUP + get_sub_group_id()] = max[r];
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int r = 0; r < ROWS; r++) {
    for (int i = 0; i < (int)get_num_sub_groups(); i++) {
      max[r] = fmax(max[r], scratch[r * GROUP + i]);
    }
  }
#else
  int lane = get_local_id(0);
  for (int r = 0; r < ROWS; r++) {
    scratch[r * GROUP + lane] = x[r];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) {
      for (int r = 0; r < ROWS; r++) {
        int place = r * GROUP + lane;
        scratch[place] = fmax(scratch[place], scratch[place + half_size]);
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (int r = 0; r < ROWS; r++) {
    max[r] = scratch[r * GROUP];
  }
#endif
}
#endif

// Key j of head h is at h * head_stride + j * key_stride of k, its value value_start further on in v.
// With position >= 0 attention is causal: row r of the launch is at position + r and sees the last
// `window` positions (0: all) up to its own, or up to span_end where that is not 0. With position
// -1 a row sees the keys of its item that have its segment.
__kernel void attention(__global const float *q, __global const int *segments, __global float *y,
                        int head_count, int head_count_kv, float scale, int rows_per_item,
                        int keys_per_item, int window, int has_segments,
#ifdef SPLIT
                        __global float *partials,
#endif
                        __global const KV *k, __global const KV *v, int head_stride, int key_stride,
                        int row_start, int row_count, int position, int span_end, int value_start) {
  __local float query[ROWS * PITCH];
  __local float weights[ROWS * GROUP];
  __local float scratch[ROWS * GROUP];
  int lane = get_local_id(0);
  int head = get_group_id(0);
  int head_kv = head * head_count_kv / head_count;
  int first[ROWS];
  int end[ROWS];
  int segment[ROWS];
  int all_first = INT_MAX;
  int all_end = 0;
  for (int r = 0; r < ROWS; r++) {
    // Rows beyond the last repeat it and are not stored.
    int number = min((int)get_group_id(1) * ROWS + r, row_count - 1);
    int row = row_start + number;
    size_t at = ((size_t)row * head_count + head) * HEAD_LENGTH;
    for (int i = lane; i < PITCH; i += GROUP) {
      query[r * PITCH + i] = i < HEAD_LENGTH ? rounded(q[at + i]) : 0.0f;
    }
    if (position >= 0) {
      int own = position + number;
      first[r] = window > 0 ? max(0, own - window + 1) : 0;
      end[r] = span_end > 0 ? span_end : own + 1;
    } else {
      first[r] = row / rows_per_item * keys_per_item;
      end[r] = first[r] + keys_per_item;
    }
    segment[r] = has_segments ? segments[row] : 0;
    all_first = min(all_first, first[r]);
    all_end = max(all_end, end[r]);
  }
#ifdef SPLIT
  int part_length = ((all_end - all_first) / (int)get_num_groups(2) / GROUP + 1) * GROUP;
  all_first += part_length * (int)get_group_id(2);
  all_end = min(all_end, all_first + part_length);
#endif
  size_t keys = (size_t)head_kv * head_stride;
  size_t values = value_start + (size_t)head_kv * head_stride;
  float sums[ROWS * PARTS];
  float max_score[ROWS];
  float weight_sum[ROWS];
  for (int i = 0; i < ROWS * PARTS; i++) {
    sums[i] = 0.0f;
  }
  for (int r = 0; r < ROWS; r++) {
    max_score[r] = -INFINITY;
    weight_sum[r] = 0.0f;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
// Declares the scores of `key`, -INFINITY in rows that do not see it.
#define SCORES(score)                                                                      \
  float score[ROWS];                                                                       \
  if (key < all_end) {                                                                     \
    products(query, k, keys + (size_t)key * key_stride, score);                            \
  }                                                                                        \
  for (int r = 0; r < ROWS; r++) {                                                         \
    bool is_seen = key >= first[r] && key < min(end[r], all_end) &&                        \
                   (!has_segments || segments[key] == segment[r]);                         \
    score[r] = is_seen ? score[r] * scale : -INFINITY;                                     \
  }
#ifdef ROUNDED
  float totals[ROWS];
  for (int key = all_first + lane; key < all_end; key += GROUP) {
    SCORES(score)
    for (int r = 0; r < ROWS; r++) {
      float new_max = fmax(max_score[r], score[r]);
      if (new_max > -INFINITY) {
        weight_sum[r] = weight_sum[r] * exp(max_score[r] - new_max) + exp(score[r] - new_max);
        max_score[r] = new_max;
      }
    }
  }
  for (int r = 0; r < ROWS; r++) {
    float own_max = max_score[r];
    max_score[r] = group_max(own_max, scratch);
    float sum = own_max > -INFINITY ? weight_sum[r] * exp(own_max - max_score[r]) : 0.0f;
    totals[r] = group_sum(sum, scratch);
  }
#endif
  for (int tile = all_first; tile < all_end; tile += GROUP) {
    int key = tile + lane;
    SCORES(score)
#ifdef ROUNDED
    for (int r = 0; r < ROWS; r++) {
      weights[r * GROUP + lane] = rounded(exp(score[r] - max_score[r]) / totals[r]);
    }
#else
    float tile_max[ROWS];
    rows_max(score, tile_max, scratch);
    for (int r = 0; r < ROWS; r++) {
      float new_max = fmax(max_score[r], tile_max[r]);
      // Nothing seen so far, by no lane: nothing to subtract from.
      bool is_empty = new_max == -INFINITY;
      float rescale = is_empty ? 1.0f : exp(max_score[r] - new_max);
      float weight = is_empty ? 0.0f : exp(score[r] - new_max);
      max_score[r] = new_max;
      weight_sum[r] = weight_sum[r] * rescale + weight;
      weights[r * GROUP + lane] = weight;
      for (int p = 0; p < PARTS; p++) {
        sums[r * PARTS + p] *= rescale;
      }
    }
#endif
    barrier(CLK_LOCAL_MEM_FENCE);
    int count = min(GROUP, all_end - tile);
    for (int p = 0; p < PARTS; p++) {
      int i = lane + p * GROUP;
      if (i < HEAD_LENGTH) {
        float part[ROWS];
        for (int r = 0; r < ROWS; r++) {
          part[r] = 0.0f;
        }
        size_t value = values + (size_t)tile * key_stride + i;
        for (int j = 0; j < count; j++) {
          float x = kv1(v, value + (size_t)j * key_stride);
          for (int r = 0; r < ROWS; r++) {
            part[r] += weights[r * GROUP + j] * x;
          }
        }
        for (int r = 0; r < ROWS; r++) {
          sums[r * PARTS + p] += part[r];
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (int r = 0; r < ROWS; r++) {
#ifdef ROUNDED
    float total = 1.0f;
#else
    float total = group_sum(weight_sum[r], scratch);
#endif
    int number = get_group_id(1) * ROWS + r;
    if (number >= row_count) {
      continue; // all lanes do
    }
#ifdef SPLIT
    __global float *partial =
        partials + (((size_t)number * head_count + head) * get_num_groups(2) + get_group_id(2)) *
                       (HEAD_LENGTH + 2);
    for (int p = 0; p < PARTS; p++) {
      int i = lane + p * GROUP;
      if (i < HEAD_LENGTH) {
        partial[i] = sums[r * PARTS + p];
      }
    }
    if (lane == 0) {
      partial[HEAD_LENGTH] = max_score[r];
      partial[HEAD_LENGTH + 1] = total;
    }
#else
    size_t at = ((size_t)(row_start + number) * head_count + head) * HEAD_LENGTH;
    for (int p = 0; p < PARTS; p++) {
      int i = lane + p * GROUP;
      if (i < HEAD_LENGTH) {
        y[at + i] = sums[r * PARTS + p] / total;
      }
    }
#endif
  }
}

// One row of each head of what the parts of SPLIT left behind, a group each. A part that saw
// nothing has a maximum of -INFINITY; at least one has not.
__kernel void attention_join(__global const float *partials, __global float *y, int head_count,
                             int row_start, int part_count) {
  int head = get_group_id(0);
  size_t row = get_group_id(1);
  __global const float *all =
      partials + (row * head_count + head) * part_count * (HEAD_LENGTH + 2);
  float max_score = -INFINITY;
  for (int p = 0; p < part_count; p++) {
    max_score = fmax(max_score, all[p * (HEAD_LENGTH + 2) + HEAD_LENGTH]);
  }
  float total = 0.0f;
  for (int p = 0; p < part_count; p++) {
    __global const float *part = all + p * (HEAD_LENGTH + 2);
    total += exp(part[HEAD_LENGTH] - max_score) * part[HEAD_LENGTH + 1];
  }
  for (int i = get_local_id(0); i < HEAD_LENGTH; i += GROUP) {
    float sum = 0.0f;
    for (int p = 0; p < part_count; p++) {
      __global const float *part = all + p * (HEAD_LENGTH + 2);
      sum += exp(part[HEAD_LENGTH] - max_score) * part[i];
    }
    y[((row_start + row) * head_count + head) * HEAD_LENGTH + i] = sum / total;
  }
}
