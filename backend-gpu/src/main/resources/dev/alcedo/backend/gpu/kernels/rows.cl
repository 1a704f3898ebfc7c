// SPDX-License-Identifier: Apache-2.0

// Norms, softmax, argmax and factors: a group a row. Lanes take every GROUP-th element, so that partial sums
// are short.

__kernel void rms_norm(__global const float *x, __global const float *weight, __global float *y,
                       float eps, int cols) {
  __local float scratch[GROUP];
  size_t at = (size_t)get_group_id(0) * cols;
  float squares = 0.0f;
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    squares += x[at + i] * x[at + i];
  }
  float factor = 1.0f / sqrt(group_sum(squares, scratch) / cols + eps);
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    y[at + i] = x[at + i] * factor * weight[i];
  }
}

__kernel void layer_norm(__global const float *x, __global const float *weight,
                         __global const float *bias, __global float *y, float eps, int cols) {
  __local float scratch[GROUP];
  size_t at = (size_t)get_group_id(0) * cols;
  float sum = 0.0f;
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    sum += x[at + i];
  }
  float mean = group_sum(sum, scratch) / cols;
  float squares = 0.0f;
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    float d = x[at + i] - mean;
    squares += d * d;
  }
  float factor = 1.0f / sqrt(group_sum(squares, scratch) / cols + eps);
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    y[at + i] = (x[at + i] - mean) * factor * weight[i] + bias[i];
  }
}

__kernel void softmax(__global const float *x, __global float *y, int cols) {
  __local float scratch[GROUP];
  size_t at = (size_t)get_group_id(0) * cols;
  float max = -INFINITY;
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    max = fmax(max, x[at + i]);
  }
  max = group_max(max, scratch);
  float sum = 0.0f;
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    float e = exp(x[at + i] - max);
    y[at + i] = e;
    sum += e;
  }
  sum = group_sum(sum, scratch);
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    y[at + i] /= sum;
  }
}

// The first of equal maxima; a NaN is never larger.
__kernel void argmax(__global const float *x, __global int *y, int cols) {
  __local float maxima[GROUP];
  __local int places[GROUP];
  int lane = get_local_id(0);
  size_t at = (size_t)get_group_id(0) * cols;
  float max = -INFINITY;
  int place = INT_MAX;
  for (int i = lane; i < cols; i += GROUP) {
    if (x[at + i] > max) {
      max = x[at + i];
      place = i;
    }
  }
  maxima[lane] = max;
  places[lane] = place;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_size = GROUP / 2; half_size > 0; half_size /= 2) {
    if (lane < half_size) {
      int other = lane + half_size;
      if (maxima[other] > maxima[lane] ||
          (maxima[other] == maxima[lane] && places[other] < places[lane])) {
        maxima[lane] = maxima[other];
        places[lane] = places[other];
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (lane == 0) {
    y[get_group_id(0)] = places[0] == INT_MAX ? 0 : places[0];
  }
}

// Powers of two that bring the largest of each row to between 1 and 2, for arithmetic in 16 bits,
// which end at 65504.
__kernel void row_factors(__global const float *x, __global float *y, int cols) {
  __local float scratch[GROUP];
  size_t at = (size_t)get_group_id(0) * cols;
  float largest = 0.0f;
  for (int i = get_local_id(0); i < cols; i += GROUP) {
    largest = fmax(largest, fabs(x[at + i]));
  }
  largest = group_max(largest, scratch);
  if (get_local_id(0) == 0) {
    bool is_number = largest > 0.0f && isfinite(largest);
    y[get_group_id(0)] = is_number ? ldexp(1.0f, clamp(-ilogb(largest), -126, 126)) : 1.0f;
  }
}
