// SPDX-License-Identifier: Apache-2.0

// Keys and values of consecutive items to one layer of a KV cache: keys [head_count_kv, capacity,
// head_length], then values of the same shape; and once more, without room for other positions, to
// `fresh` from element fresh_start on, which goes to the host. A work-item for each KV_UNIT
// elements. Follows a kv_*.cl.
__kernel void store_kv(__global const float *k, __global const float *v, int head_count_kv,
                       int head_length, __global KV *cache, __global KV *fresh, int capacity,
                       int item_start, int position, int fresh_start, int total) {
  int i = get_global_id(0) * KV_UNIT;
  if (i >= total) {
    return;
  }
  int cols = head_count_kv * head_length;
  int item = i / cols;
  int col = i % cols;
  size_t from = (size_t)(item_start + item) * cols + col;
  size_t plane = (size_t)head_count_kv * capacity * head_length;
  size_t to = ((size_t)(col / head_length) * capacity + position + item) * head_length +
              col % head_length;
  kv_store(k + from, to, cache);
  kv_store(v + from, plane + to, cache);
  size_t again = fresh_start + ((size_t)(col / head_length) * (total / cols) + item) * head_length +
                 col % head_length;
  kv_store(k + from, again, fresh);
  kv_store(v + from, again + total, fresh);
}
