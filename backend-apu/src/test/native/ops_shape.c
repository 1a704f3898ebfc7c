/* SPDX-License-Identifier: Apache-2.0 */

/* Operations that move elements. */

#include <stdbool.h>
#include <string.h>

#include "sim.h"

static const char *check_type(const Call *call) { return call->in[0]->type == call->out->type ? NULL : "the output is of another type"; }

static const char *check_reshape(const Call *call) {
  const Operand *shape = call->in[1];
  if (shape->type != NEURON_TENSOR_INT32 || !shape->hasValue || shape->rank != 1 || shape->dims[0] != call->out->rank) return "the shape is a constant TENSOR_INT32 of the output's rank";
  for (uint32_t i = 0; i < call->out->rank; i++) {
    if (sim_ints(shape)[i] != (int32_t)call->out->dims[i]) return "the output has another shape than asked for";
  }
  return sim_count(call->in[0]) == sim_count(call->out) ? check_type(call) : "the element count changes";
}

static void run_reshape(const Call *call) { memcpy(call->outData, call->inData[0], sizeof(float) * sim_count(call->out)); }

static const char *check_transpose(const Call *call) {
  const Operand *x = call->in[0], *perm = call->in[1];
  if (perm->type != NEURON_TENSOR_INT32 || !perm->hasValue || perm->dims[0] != x->rank || call->out->rank != x->rank) return "the permutation is a constant TENSOR_INT32 of the input's rank";
  uint32_t seen = 0;
  for (uint32_t i = 0; i < x->rank; i++) {
    int32_t p = sim_ints(perm)[i];
    if (p < 0 || p >= (int32_t)x->rank || call->out->dims[i] != x->dims[p]) return "the output is not the permuted input";
    seen |= 1u << p;
  }
  return seen == (1u << x->rank) - 1 ? check_type(call) : "no permutation";
}

static void run_transpose(const Call *call) {
  const Operand *x = call->in[0];
  uint32_t strides[RANK_MAX], stride = 1, count = sim_count(call->out), at[RANK_MAX] = {0}, from = 0;
  for (uint32_t i = x->rank; i-- > 0;) {
    strides[i] = stride;
    stride *= x->dims[i];
  }
  for (uint32_t i = 0; i < count; i++) {
    call->outData[i] = call->inData[0][from];
    for (uint32_t d = x->rank; d-- > 0;) {
      uint32_t step = strides[sim_ints(call->in[1])[d]];
      from += step;
      if (++at[d] < call->out->dims[d]) break;
      from -= step * at[d];
      at[d] = 0;
    }
  }
}

static const char *check_concatenation(const Call *call) {
  uint32_t last = call->operation->inputCount - 1;
  if (call->in[last]->type != NEURON_INT32) return "the axis is the last input, an INT32 scalar";
  int32_t axis = sim_int(call->in[last]);
  if (axis < 0 || axis >= (int32_t)call->out->rank) return "no such axis";
  uint32_t sum = 0;
  for (uint32_t k = 0; k < last; k++) {
    if (call->in[k]->rank != call->out->rank || call->in[k]->type != call->out->type) return "inputs of another rank or type";
    for (uint32_t i = 0; i < call->out->rank; i++) {
      if (i != (uint32_t)axis && call->in[k]->dims[i] != call->out->dims[i]) return "inputs that differ beside the axis";
    }
    sum += call->in[k]->dims[axis];
  }
  return sum == call->out->dims[axis] ? NULL : "the output is not as long as its inputs";
}

static void run_concatenation(const Call *call) {
  uint32_t last = call->operation->inputCount - 1, inner = 1, outer = 1, axis = (uint32_t)sim_int(call->in[last]), at = 0;
  for (uint32_t i = 0; i < call->out->rank; i++) *(i < axis ? &outer : &inner) *= i == axis ? 1 : call->out->dims[i];
  uint32_t row = inner * call->out->dims[axis];
  for (uint32_t k = 0; k < last; k++) {
    uint32_t length = inner * call->in[k]->dims[axis];
    for (uint32_t o = 0; o < outer; o++) memcpy(call->outData + (size_t)o * row + at, call->inData[k] + (size_t)o * length, sizeof(float) * length);
    at += length;
  }
}

static const char *check_slice(const Call *call) {
  for (int k = 1; k < 3; k++) {
    if (call->in[k]->type != NEURON_TENSOR_INT32 || !call->in[k]->hasValue || call->in[k]->dims[0] != call->in[0]->rank) return "begin and size are constant TENSOR_INT32 of the input's rank";
  }
  if (call->out->rank != call->in[0]->rank) return "the output is of another rank";
  for (uint32_t i = 0; i < call->out->rank; i++) {
    int32_t begin = sim_ints(call->in[1])[i], size = sim_ints(call->in[2])[i];
    if (begin < 0 || size < 1 || (uint32_t)(begin + size) > call->in[0]->dims[i] || (uint32_t)size != call->out->dims[i]) return "the slice is not within the input, or not the output's shape";
  }
  return check_type(call);
}

/* Padding and slicing are the same walk: coordinates move by `shift` per axis. */
static void walk(const Operand *small, const Operand *large, const int32_t *shift, uint32_t shiftStep, const float *from, float *to, bool isPad) {
  uint32_t count = sim_count(small);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t rest = i, at = 0, stride = 1;
    for (uint32_t d = small->rank; d-- > 0;) {
      at += (rest % small->dims[d] + (uint32_t)shift[d * shiftStep]) * stride;
      rest /= small->dims[d];
      stride *= large->dims[d];
    }
    if (isPad) to[at] = from[i];
    else to[i] = from[at];
  }
}

static void run_slice(const Call *call) { walk(call->out, call->in[0], sim_ints(call->in[1]), 1, call->inData[0], call->outData, false); }

static const char *check_pad(const Call *call) {
  const Operand *pads = call->in[1];
  if (pads->type != NEURON_TENSOR_INT32 || !pads->hasValue || pads->rank != 2 || pads->dims[0] != call->in[0]->rank || pads->dims[1] != 2 || call->out->rank != call->in[0]->rank) return "paddings are a constant TENSOR_INT32 [rank, 2]";
  for (uint32_t i = 0; i < call->out->rank; i++) {
    if ((uint32_t)(sim_ints(pads)[2 * i] + sim_ints(pads)[2 * i + 1]) + call->in[0]->dims[i] != call->out->dims[i]) return "the output is not the padded input";
  }
  return check_type(call);
}

static void run_pad(const Call *call) {
  memset(call->outData, 0, sizeof(float) * sim_count(call->out));
  walk(call->in[0], call->out, sim_ints(call->in[1]), 2, call->inData[0], call->outData, true);
}

const Op sim_shape_ops[] = {
    {NEURON_RESHAPE, 2, 2, check_reshape, run_reshape}, {NEURON_TRANSPOSE, 2, 2, check_transpose, run_transpose},
    {NEURON_CONCATENATION, 2, OPERANDS_OF_OP_MAX, check_concatenation, run_concatenation},
    {NEURON_SLICE, 3, 3, check_slice, run_slice}, {NEURON_PAD, 2, 2, check_pad, run_pad}, {0, 0, 0, NULL, NULL}};
