/* SPDX-License-Identifier: Apache-2.0 */

/* Elementwise operations, with broadcasting of trailing dimensions, and reductions. */

#include <math.h>
#include <string.h>

#include "sim.h"

static const char *check_fuse(const Call *call, uint32_t at) {
  return call->in[at]->type == NEURON_INT32 && sim_int(call->in[at]) == 0 ? NULL : "the fused activation is an INT32 scalar, and 0 here";
}

static const char *broadcast_shape(const Operand *a, const Operand *b, const Operand *out) {
  uint32_t rank = a->rank > b->rank ? a->rank : b->rank;
  if (out->rank != rank) return "the output has not the larger rank";
  for (uint32_t i = 0; i < rank; i++) {
    uint32_t da = i + a->rank >= rank ? a->dims[i + a->rank - rank] : 1;
    uint32_t db = i + b->rank >= rank ? b->dims[i + b->rank - rank] : 1;
    if (da != db && da != 1 && db != 1) return "shapes do not broadcast";
    if (out->dims[i] != (da > db ? da : db)) return "the output has not the broadcast shape";
  }
  return NULL;
}

static const char *check_binary(const Call *call) {
  if (call->in[0]->type != call->in[1]->type || call->in[0]->type != call->out->type) return "operands are of different types";
  const char *why = broadcast_shape(call->in[0], call->in[1], call->out);
  return why != NULL || call->operation->inputCount < 3 ? why : check_fuse(call, 2);
}

static uint32_t source(const Operand *in, const Operand *out, uint32_t index) {
  uint32_t at = 0, stride = 1;
  for (uint32_t i = 0; i < out->rank; i++) {
    uint32_t o = out->rank - 1 - i;
    uint32_t coordinate = index % out->dims[o];
    index /= out->dims[o];
    if (i < in->rank) {
      uint32_t dim = in->dims[in->rank - 1 - i];
      at += dim == 1 ? 0 : coordinate * stride;
      stride *= dim;
    }
  }
  return at;
}

static float apply(int32_t type, float a, float b) {
  switch (type) {
    case NEURON_ADD: return a + b;
    case NEURON_SUB: return a - b;
    case NEURON_MUL: return a * b;
    case NEURON_DIV: return a / b;
    case NEURON_MAXIMUM: return a > b ? a : b;
    default: return a < b ? a : b;
  }
}

static void run_binary(const Call *call) {
  uint32_t count = sim_count(call->out), countA = sim_count(call->in[0]), countB = sim_count(call->in[1]);
  bool isPlain = countA == count && call->in[0]->rank <= call->out->rank && (countB == count || countB == 1 || (call->in[1]->rank == 1 && call->in[1]->dims[0] == call->out->dims[call->out->rank - 1]));
  for (uint32_t i = 0; i < count; i++) {
    uint32_t a = isPlain ? i : source(call->in[0], call->out, i);
    uint32_t b = isPlain ? i % countB : source(call->in[1], call->out, i);
    call->outData[i] = apply(call->operation->type, call->inData[0][a], call->inData[1][b]);
  }
}

static const char *check_unary(const Call *call) {
  if (call->in[0]->type != call->out->type) return "the output is of another type";
  return sim_same_shape(call->in[0], call->out) ? NULL : "the output has another shape";
}

static void run_unary(const Call *call) {
  uint32_t count = sim_count(call->out);
  for (uint32_t i = 0; i < count; i++) {
    float x = call->inData[0][i];
    switch (call->operation->type) {
      case NEURON_LOGISTIC: x = x >= 0 ? 1 / (1 + expf(-x)) : expf(x) / (1 + expf(x)); break;
      case NEURON_TANH: x = tanhf(x); break;
      case NEURON_RELU: x = x > 0 ? x : 0; break;
      case NEURON_ABS: x = fabsf(x); break;
      case NEURON_EXP: x = expf(x); break;
      case NEURON_NEG: x = -x; break;
      case NEURON_SQRT: x = sqrtf(x); break;
      default: x = 1 / sqrtf(x);
    }
    call->outData[i] = x;
  }
}

/* Between floats and bytes with one scale: what rounding to the output's type makes of a copy. */
static const char *check_convert(const Call *call) {
  bool isQuantize = call->operation->type == NEURON_QUANTIZE;
  const Operand *real = isQuantize ? call->in[0] : call->out, *quants = isQuantize ? call->out : call->in[0];
  if (real->type != NEURON_TENSOR_FLOAT32 && real->type != NEURON_TENSOR_FLOAT16) return "one side is of a float type";
  if (!sim_is_byte(quants->type)) return "the other side has 8 bits and one scale, not one for each channel";
  return sim_same_shape(call->in[0], call->out) ? NULL : "the output has another shape";
}

static void run_convert(const Call *call) { memcpy(call->outData, call->inData[0], sizeof(float) * sim_count(call->out)); }

/* Over the last axis only, which is kept with length 1: what the backend makes use of. */
static const char *check_reduce(const Call *call) {
  const Operand *x = call->in[0];
  bool isMean = call->operation->type == NEURON_MEAN;
  if (call->in[1]->type != NEURON_TENSOR_INT32 || sim_count(call->in[1]) != 1) return "axes are a TENSOR_INT32, of one element here";
  if (call->in[2]->type != (isMean ? NEURON_INT32 : NEURON_BOOL)) return "keepDims is INT32 for MEAN and BOOL for REDUCE_*";
  int32_t axis = sim_ints(call->in[1])[0];
  if ((axis != (int32_t)x->rank - 1 && axis != -1) || sim_int(call->in[2]) != 1) return "this simulator reduces the last axis and keeps it";
  if (x->type != call->out->type || x->rank != call->out->rank || call->out->dims[x->rank - 1] != 1 || memcmp(x->dims, call->out->dims, 4 * (x->rank - 1)) != 0) return "the output has another type or shape";
  return NULL;
}

static void run_reduce(const Call *call) {
  const Operand *x = call->in[0];
  uint32_t cols = x->dims[x->rank - 1], rows = sim_count(x) / cols;
  for (uint32_t r = 0; r < rows; r++) {
    const float *row = call->inData[0] + (size_t)r * cols;
    double sum = 0;
    float max = -INFINITY;
    for (uint32_t i = 0; i < cols; i++) {
      sum += row[i];
      max = row[i] > max ? row[i] : max;
    }
    call->outData[r] = call->operation->type == NEURON_REDUCE_MAX ? max : (float)(call->operation->type == NEURON_MEAN ? sum / cols : sum);
  }
}

static const char *check_softmax(const Call *call) {
  const Operand *x = call->in[0], *beta = call->in[1];
  if (beta->type != (x->type == NEURON_TENSOR_FLOAT16 ? NEURON_FLOAT16 : NEURON_FLOAT32)) return "beta is a scalar of the input's type";
  if (call->operation->inputCount > 2 && sim_int(call->in[2]) != -1 && sim_int(call->in[2]) != (int32_t)x->rank - 1) return "this simulator takes the last axis";
  return check_unary(call);
}

static void run_softmax(const Call *call) {
  uint32_t cols = call->out->dims[call->out->rank - 1], rows = sim_count(call->out) / cols;
  float beta = sim_float(call->in[1]) * (sim_is_planted() ? 1.02f : 1);
  for (uint32_t r = 0; r < rows; r++) {
    const float *x = call->inData[0] + (size_t)r * cols;
    float *y = call->outData + (size_t)r * cols, max = x[0];
    for (uint32_t i = 1; i < cols; i++) max = x[i] > max ? x[i] : max;
    double sum = 0;
    for (uint32_t i = 0; i < cols; i++) sum += y[i] = expf(beta * (x[i] - max));
    for (uint32_t i = 0; i < cols; i++) y[i] = (float)(y[i] / sum);
  }
}

/* MTKEXT_RMS_NORMALIZATION: x, axes, gamma, beta, epsilon, and the name as the last operand. */
static const char *check_rms(const Call *call) {
  const Operand *x = call->in[0], *name = call->in[5];
  const char expected[] = "string\x18\0\0\0MTKEXT_RMS_NORMALIZATION";
  const uint8_t *bytes = name->valueBytes <= COPIED_BYTES_MAX ? name->small : name->value;
  if (name->type != SIM_EXT_OPERAND || name->valueBytes < sizeof expected || bytes[0] != 6 || memcmp(bytes + 1, expected, sizeof expected - 1) != 0) return "the last operand is not the name";
  for (int i = 2; i < 4; i++) {
    if (call->in[i]->type != NEURON_TENSOR_FLOAT32 || sim_count(call->in[i]) != x->dims[x->rank - 1]) return "gamma and beta are TENSOR_FLOAT32, one for each column";
  }
  if (call->in[4]->type != NEURON_FLOAT32) return "epsilon is a FLOAT32 scalar";
  return check_unary(call);
}

static void run_rms(const Call *call) {
  uint32_t cols = call->out->dims[call->out->rank - 1], rows = sim_count(call->out) / cols;
  for (uint32_t r = 0; r < rows; r++) {
    const float *x = call->inData[0] + (size_t)r * cols;
    double sum = 0;
    for (uint32_t i = 0; i < cols; i++) sum += (double)x[i] * x[i];
    float factor = (float)(1 / sqrt(sum / cols + sim_float(call->in[4])));
    for (uint32_t i = 0; i < cols; i++) call->outData[(size_t)r * cols + i] = x[i] * factor * call->inData[2][i] + call->inData[3][i];
  }
}

const Op sim_arithmetic_ops[] = {
    {NEURON_ADD, 3, 3, check_binary, run_binary}, {NEURON_SUB, 3, 3, check_binary, run_binary},
    {NEURON_MUL, 3, 3, check_binary, run_binary}, {NEURON_DIV, 3, 3, check_binary, run_binary},
    {NEURON_MAXIMUM, 2, 2, check_binary, run_binary}, {NEURON_MINIMUM, 2, 2, check_binary, run_binary},
    {NEURON_LOGISTIC, 1, 1, check_unary, run_unary}, {NEURON_TANH, 1, 1, check_unary, run_unary},
    {NEURON_RELU, 1, 1, check_unary, run_unary}, {NEURON_ABS, 1, 1, check_unary, run_unary},
    {NEURON_EXP, 1, 1, check_unary, run_unary}, {NEURON_NEG, 1, 1, check_unary, run_unary},
    {NEURON_SQRT, 1, 1, check_unary, run_unary}, {NEURON_RSQRT, 1, 1, check_unary, run_unary},
    {NEURON_QUANTIZE, 1, 1, check_convert, run_convert}, {NEURON_DEQUANTIZE, 1, 1, check_convert, run_convert},
    {NEURON_MEAN, 3, 3, check_reduce, run_reduce}, {NEURON_REDUCE_MAX, 3, 3, check_reduce, run_reduce},
    {NEURON_REDUCE_SUM, 3, 3, check_reduce, run_reduce}, {NEURON_SOFTMAX, 2, 3, check_softmax, run_softmax},
    {SIM_EXT_OPERATION, 6, 6, check_rms, run_rms}, {0, 0, 0, NULL, NULL}};
