// SPDX-License-Identifier: Apache-2.0

// Keys and values of consecutive items to one layer of a KV cache: keys [head_count_kv, capacity,
// head_length], then values of the same shape; and once more, without room for other positions, to
// `fresh` from element fresh_start on, which goes to the host. KV_HALF: the cache is F16, else F32.

#ifdef KV_HALF
#define KV half
#define STORE(x, i, p) vstore_half_rte(x, i, p)
#else
#define KV float
#define STORE(x, i, p) (p)[i] = (x)
#endif

__kernel void store_kv(__global const float *k, __global const float *v,
                       __global KV *cache, __global KV *fresh, int head_count_kv, int head_length,
                       int capacity, int item_start, int position, int fresh_start, int total) {
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
  STORE(k[from], to, cache);
  STORE(v[from], plane + to, cache);
  size_t again = fresh_start + ((size_t)(col / head_length) * (total / cols) + item) * head_length +
                 col % head_length;
  STORE(k[from], again, fresh);
  STORE(v[from], again + total, fresh);
}
