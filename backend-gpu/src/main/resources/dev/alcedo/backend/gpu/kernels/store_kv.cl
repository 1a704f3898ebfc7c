// SPDX-License-Identifier: Apache-2.0

// Keys and values of consecutive items to one layer of a KV cache: keys [head_count_kv, capacity,
// head_length], then values of the same shape. KV_HALF: the cache is F16, else F32.
__kernel void store_kv(__global const float *k, __global const float *v,
#ifdef KV_HALF
                       __global half *cache,
#else
                       __global float *cache,
#endif
                       int head_count_kv, int head_length, int capacity, int item_start,
                       int position, int total) {
  int i = get_global_id(0);
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
#ifdef KV_HALF
  vstore_half_rte(k[from], to, cache);
  vstore_half_rte(v[from], plane + to, cache);
#else
  cache[to] = k[from];
  cache[plane + to] = v[from];
#endif
}
