// SPDX-License-Identifier: Apache-2.0

// One work-item an element pair, or an element that does not turn. frequencies[i] is what pair i
// turns per position, in units of 2^-64 of a full turn: the product with a position, taken modulo
// 2^64, is the angle, exact to 2^-33 of a turn for any position. A float product would be off by
// 0.004 at position 100,000.
// SECOND: two tensors by the same positions, q and k; the heads of the second one follow.
__kernel void rope(__global const float *x, __global const int *positions,
                   __global const ulong *frequencies, __global const int *sections,
                   __global float *y, int head_count, int head_length, int rope_length,
                   int section_count, int is_interleaved, float magnitude,
#ifdef SECOND
                   __global const float *x1, __global float *y1, int head_count1,
#endif
                   int total) {
  int i = get_global_id(0);
  if (i >= total) {
    return;
  }
  int half_length = rope_length / 2;
  int units = head_length - half_length;
  int unit = i % units;
#ifdef SECOND
  int head = i / units % (head_count + head_count1);
  int row = i / units / (head_count + head_count1);
  if (head >= head_count) {
    head -= head_count;
    head_count = head_count1;
    x = x1;
    y = y1;
  }
#else
  int head = i / units % head_count;
  int row = i / units / head_count;
#endif
  size_t at = ((size_t)row * head_count + head) * head_length;
  if (unit >= half_length) {
    int j = unit + half_length;
    y[at + j] = x[at + j];
    return;
  }
  long position = positions[row * section_count + sections[unit]];
  long angle = (long)((ulong)position * frequencies[unit]);
  float half_turns = (float)angle * 0x1p-63f;
  float c = cospi(half_turns) * magnitude;
  float s = sinpi(half_turns) * magnitude;
  int first = is_interleaved ? 2 * unit : unit;
  int second = is_interleaved ? first + 1 : unit + half_length;
  float a = x[at + first];
  float b = x[at + second];
  y[at + first] = a * c - b * s;
  y[at + second] = b * c + a * s;
}
