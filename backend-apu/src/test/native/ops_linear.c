/* SPDX-License-Identifier: Apache-2.0 */

/* Products: fully connected, batched, convolution; and pooling, which slides like it. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

static float dot(const float *a, const float *b, uint32_t count) {
  float lanes[16] = {0}, sum = 0;
  uint32_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int l = 0; l < 16; l++) lanes[l] += a[i + l] * b[i + l];
  }
  for (; i < count; i++) sum += a[i] * b[i];
  for (int l = 0; l < 16; l++) sum += lanes[l];
  return sum;
}

static float weight_scale(const Operand *w, uint32_t row) { return w->channelScales != NULL ? w->channelScales[row] : w->scale; }

/* Float activations with weights and bias of the same type; quantised ones with 8-bit weights and a
   32-bit bias whose scale is the product of the others. */
static const char *check_types(const Call *call) {
  const Operand *x = call->in[0], *w = call->in[1], *bias = call->in[2];
  if (x->type != call->out->type) return "the output is of another type than the input";
  if (x->type == NEURON_TENSOR_FLOAT32 || x->type == NEURON_TENSOR_FLOAT16) return w->type == x->type && bias->type == x->type ? NULL : "weights and bias are of the input's float type";
  if (x->type != NEURON_TENSOR_QUANT8_ASYMM && x->type != NEURON_TENSOR_QUANT8_ASYMM_SIGNED) return "a quantised input has 8 bits and a zero point";
  if (w->type != NEURON_TENSOR_QUANT8_SYMM && w->type != NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL) return "this simulator takes symmetric 8-bit weights with a quantised input";
  if (bias->type != NEURON_TENSOR_INT32 || bias->zeroPoint != 0) return "the bias of a quantised input is TENSOR_INT32";
  bool isPerChannel = w->type == NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL;
  if (isPerChannel && (w->channelScales == NULL || w->channelDim != 0)) return "weights have a scale for each row";
  if (bias->scale != (isPerChannel ? 0 : x->scale * w->scale)) return "the bias' scale is the product of the others, or 0 with a scale for each channel";
  for (uint32_t i = 0; i < (isPerChannel ? w->dims[0] : 1); i++) {
    if (!(x->scale * weight_scale(w, i) < call->out->scale)) return "the output's scale is not above the product of the others";
  }
  return NULL;
}

static const char *check_fully_connected(const Call *call) {
  const Operand *x = call->in[0], *w = call->in[1], *bias = call->in[2];
  if (x->rank < 2 || w->rank != 2 || bias->rank != 1 || call->out->rank != 2) return "x of rank 2 or more, weights of 2, bias of 1, output of 2";
  uint32_t count = sim_count(x), cols = w->dims[1];
  if (count % cols != 0 || call->out->dims[0] != count / cols || call->out->dims[1] != w->dims[0] || bias->dims[0] != w->dims[0]) return "x [rows, k], weights [n, k], bias [n], output [rows, n] do not fit";
  if (call->in[3]->type != NEURON_INT32 || sim_int(call->in[3]) != 0) return "the fused activation is an INT32 scalar, and 0 here";
  return check_types(call);
}

/* Quants less their zero point, from what they stand for. */
static int16_t *quants(const float *data, size_t count, float scale) {
  int16_t *q = malloc(sizeof(int16_t) * (count + 1));
  for (size_t i = 0; i < count; i++) q[i] = (int16_t)rintf(data[i] / scale);
  return q;
}

/* 32-bit sums of products of bytes, started with the bias; they wrap around as integers do. */
static void run_quantised(const Call *call) {
  const Operand *w = call->in[1];
  uint32_t rows = call->out->dims[0], n = call->out->dims[1], k = w->dims[1];
  const int32_t *bias = sim_ints(call->in[2]);
  int16_t *x = quants(call->inData[0], (size_t)rows * k, call->in[0]->scale);
  for (uint32_t j = 0; j < n; j++) {
    int16_t *row = quants(call->inData[1] + (size_t)j * k, k, weight_scale(w, j));
    double scale = (double)call->in[0]->scale * weight_scale(w, j);
    for (uint32_t r = 0; r < rows; r++) {
      uint32_t sum = (uint32_t)bias[j];
      for (uint32_t i = 0; i < k; i++) sum += (uint32_t)(x[(size_t)r * k + i] * row[i]);
      call->outData[(size_t)r * n + j] = (float)((int32_t)sum * scale);
    }
    free(row);
  }
  free(x);
}

static void run_fully_connected(const Call *call) {
  if (call->in[2]->type == NEURON_TENSOR_INT32) {
    run_quantised(call);
    return;
  }
  uint32_t rows = call->out->dims[0], n = call->out->dims[1], k = call->in[1]->dims[1];
  for (uint32_t j = 0; j < n; j++) {
    for (uint32_t r = 0; r < rows; r++) call->outData[(size_t)r * n + j] = dot(call->inData[0] + (size_t)r * k, call->inData[1] + (size_t)j * k, k) + call->inData[2][j];
  }
}

static const char *check_batch_mat_mul(const Call *call) {
  const Operand *a = call->in[0], *b = call->in[1], *out = call->out;
  if (a->rank < 2 || a->rank != b->rank || a->rank != out->rank || memcmp(a->dims, b->dims, 4 * (a->rank - 2)) != 0 || memcmp(a->dims, out->dims, 4 * (a->rank - 2)) != 0) return "ranks and batch dimensions differ";
  if (a->hasValue || b->hasValue) return "neither input is constant";
  if (call->in[2]->type != NEURON_BOOL || call->in[3]->type != NEURON_BOOL || sim_int(call->in[2]) != 0) return "two BOOL scalars follow; this simulator transposes b only";
  uint32_t r = a->rank, isT = (uint32_t)sim_int(call->in[3]);
  if (a->dims[r - 1] != b->dims[isT ? r - 1 : r - 2] || out->dims[r - 2] != a->dims[r - 2] || out->dims[r - 1] != b->dims[isT ? r - 2 : r - 1]) return "matrices do not fit";
  return a->type == b->type && a->type == out->type ? NULL : "operands are of different types";
}

static void run_batch_mat_mul(const Call *call) {
  uint32_t r = call->out->rank, m = call->out->dims[r - 2], n = call->out->dims[r - 1], k = call->in[0]->dims[r - 1], batches = sim_count(call->out) / (m * n);
  bool isT = sim_int(call->in[3]) != 0;
  for (uint32_t z = 0; z < batches; z++) {
    const float *a = call->inData[0] + (size_t)z * m * k, *b = call->inData[1] + (size_t)z * n * k;
    float *y = call->outData + (size_t)z * m * n;
    for (uint32_t i = 0; i < m; i++) {
      if (isT) {
        for (uint32_t j = 0; j < n; j++) y[i * n + j] = dot(a + (size_t)i * k, b + (size_t)j * k, k);
      } else {
        memset(y + (size_t)i * n, 0, sizeof(float) * n);
        for (uint32_t l = 0; l < k; l++) {
          float factor = a[(size_t)i * k + l];
          for (uint32_t j = 0; j < n; j++) y[(size_t)i * n + j] += factor * b[(size_t)l * n + j];
        }
      }
    }
  }
}

static const char *check_conv(const Call *call) {
  const Operand *x = call->in[0], *w = call->in[1], *out = call->out;
  for (int k = 3; k < 10; k++) {
    if (call->in[k]->type != (k == 7 ? NEURON_BOOL : NEURON_INT32)) return "padding, strides, fuse, nchw, dilations are INT32 but nchw BOOL";
  }
  if (sim_int(call->in[3]) != 2 || sim_int(call->in[6]) != 0 || sim_int(call->in[7]) != 0 || sim_int(call->in[8]) != 1 || sim_int(call->in[9]) != 1) return "this simulator takes VALID, no activation, NHWC, no dilation";
  uint32_t sw = (uint32_t)sim_int(call->in[4]), sh = (uint32_t)sim_int(call->in[5]);
  if (x->rank != 4 || w->rank != 4 || out->rank != 4 || w->dims[3] != x->dims[3] || out->dims[3] != w->dims[0] || call->in[2]->dims[0] != w->dims[0] || out->dims[0] != x->dims[0] || out->dims[1] != (x->dims[1] - w->dims[1]) / sh + 1 || out->dims[2] != (x->dims[2] - w->dims[2]) / sw + 1) return "x NHWC, weights [outC, h, w, inC], bias, output do not fit";
  if (x->type != NEURON_TENSOR_FLOAT32 && x->type != NEURON_TENSOR_FLOAT16) return "this simulator convolves floats";
  return check_types(call);
}

static void run_conv(const Call *call) {
  const Operand *x = call->in[0], *w = call->in[1], *out = call->out;
  uint32_t sw = (uint32_t)sim_int(call->in[4]), sh = (uint32_t)sim_int(call->in[5]), at = 0, run = w->dims[2] * w->dims[3];
  for (uint32_t z = 0; z < out->dims[0]; z++)
    for (uint32_t r = 0; r < out->dims[1]; r++)
      for (uint32_t c = 0; c < out->dims[2]; c++)
        for (uint32_t n = 0; n < out->dims[3]; n++) {
          float sum = call->inData[2][n];
          for (uint32_t i = 0; i < w->dims[1]; i++) sum += dot(call->inData[0] + (((size_t)z * x->dims[1] + r * sh + i) * x->dims[2] + c * sw) * x->dims[3], call->inData[1] + ((size_t)n * w->dims[1] + i) * run, run);
          call->outData[at++] = sum;
        }
}

static const char *check_pool(const Call *call) {
  const Operand *x = call->in[0], *out = call->out;
  for (int k = 1; k < 7; k++) {
    if (call->in[k]->type != NEURON_INT32) return "padding, strides, filter and fuse are INT32";
  }
  uint32_t sw = (uint32_t)sim_int(call->in[2]), sh = (uint32_t)sim_int(call->in[3]), fw = (uint32_t)sim_int(call->in[4]), fh = (uint32_t)sim_int(call->in[5]);
  if (sim_int(call->in[1]) != 2 || sim_int(call->in[6]) != 0) return "this simulator takes VALID and no activation";
  if (x->rank != 4 || out->rank != 4 || x->type != out->type || out->dims[0] != x->dims[0] || out->dims[3] != x->dims[3] || out->dims[1] != (x->dims[1] - fh) / sh + 1 || out->dims[2] != (x->dims[2] - fw) / sw + 1) return "x and output do not fit";
  return NULL;
}

static void run_pool(const Call *call) {
  const Operand *x = call->in[0], *out = call->out;
  uint32_t sw = (uint32_t)sim_int(call->in[2]), sh = (uint32_t)sim_int(call->in[3]), fw = (uint32_t)sim_int(call->in[4]), fh = (uint32_t)sim_int(call->in[5]), at = 0;
  for (uint32_t z = 0; z < out->dims[0]; z++)
    for (uint32_t r = 0; r < out->dims[1]; r++)
      for (uint32_t c = 0; c < out->dims[2]; c++)
        for (uint32_t d = 0; d < out->dims[3]; d++) {
          double sum = 0;
          for (uint32_t i = 0; i < fh; i++)
            for (uint32_t j = 0; j < fw; j++) sum += call->inData[0][(((size_t)z * x->dims[1] + r * sh + i) * x->dims[2] + c * sw + j) * x->dims[3] + d];
          call->outData[at++] = (float)(sum / (fw * fh));
        }
}

const Op sim_linear_ops[] = {
    {NEURON_FULLY_CONNECTED, 4, 4, check_fully_connected, run_fully_connected},
    {NEURON_BATCH_MATMUL, 4, 4, check_batch_mat_mul, run_batch_mat_mul},
    {NEURON_CONV_2D, 10, 10, check_conv, run_conv}, {NEURON_AVERAGE_POOL_2D, 7, 7, check_pool, run_pool}, {0, 0, 0, NULL, NULL}};
