/* SPDX-License-Identifier: Apache-2.0 */

/* Elements of operands as floats, by the documented rules: real = (q - zeroPoint) * scale. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

bool sim_is_tensor(int32_t type) {
  return type == NEURON_TENSOR_FLOAT32 || type == NEURON_TENSOR_INT32 || type == NEURON_TENSOR_QUANT8_ASYMM
      || type == NEURON_TENSOR_QUANT16_SYMM || type == NEURON_TENSOR_FLOAT16
      || type == NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL || type == NEURON_TENSOR_QUANT8_SYMM
      || type == NEURON_TENSOR_QUANT8_ASYMM_SIGNED || type == SIM_EXT_OPERAND;
}

bool sim_is_byte(int32_t type) {
  return type == NEURON_TENSOR_QUANT8_ASYMM || type == NEURON_TENSOR_QUANT8_SYMM || type == NEURON_TENSOR_QUANT8_ASYMM_SIGNED;
}

size_t sim_element_bytes(int32_t type) {
  switch (type) {
    case NEURON_FLOAT32: case NEURON_INT32: case NEURON_UINT32: case NEURON_TENSOR_FLOAT32: case NEURON_TENSOR_INT32:
      return 4;
    case NEURON_TENSOR_QUANT16_SYMM: case NEURON_TENSOR_FLOAT16: case NEURON_FLOAT16:
      return 2;
    case NEURON_BOOL: case NEURON_TENSOR_QUANT8_ASYMM: case NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL:
    case NEURON_TENSOR_QUANT8_SYMM: case NEURON_TENSOR_QUANT8_ASYMM_SIGNED: case SIM_EXT_OPERAND:
      return 1;
    default:
      return 0;
  }
}

uint32_t sim_count(const Operand *operand) {
  uint32_t count = 1;
  for (uint32_t i = 0; i < operand->rank; i++) {
    count *= operand->dims[i];
  }
  return count;
}

float sim_half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, mantissa = half & 1023, bits;
  if (exponent == 0) {
    float value = (float)mantissa * 0x1p-24f;
    return sign ? -value : value;
  }
  bits = sign | (exponent == 31 ? 255u : exponent + 112) << 23 | mantissa << 13;
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

/* To nearest, ties to even; too large becomes infinite. */
uint16_t sim_float_to_half(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  bits &= 0x7fffffff;
  if (bits > 0x7f800000) return sign | 0x7e00;
  if (bits >= 0x477ff000) return sign | 0x7c00;
  if (bits < 0x38800000) {
    float magnitude;
    memcpy(&magnitude, &bits, 4);
    return sign | (uint16_t)lrintf(magnitude * 0x1p24f);
  }
  uint32_t rounded = bits + 0xfff + (bits >> 13 & 1);
  return sign | (uint16_t)((rounded - 0x38000000) >> 13);
}

static float channel_scale(const Operand *operand, uint32_t index) {
  uint32_t stride = 1;
  for (uint32_t i = operand->channelDim + 1; i < operand->rank; i++) {
    stride *= operand->dims[i];
  }
  return operand->channelScales[index / stride % operand->channelCount];
}

static void limits(int32_t type, float *low, float *high) {
  *low = type == NEURON_TENSOR_QUANT8_ASYMM ? 0 : type == NEURON_TENSOR_QUANT16_SYMM ? -32768 : -128;
  *high = type == NEURON_TENSOR_QUANT8_ASYMM ? 255 : type == NEURON_TENSOR_QUANT16_SYMM ? 32767 : 127;
}

float *sim_load(const Operand *operand, const void *from) {
  uint32_t count = sim_count(operand);
  float *data = malloc(sizeof(float) * (count + 1));
  for (uint32_t i = 0; i < count; i++) {
    switch (operand->type) {
      case NEURON_TENSOR_FLOAT32: data[i] = ((const float *)from)[i]; break;
      case NEURON_TENSOR_FLOAT16: data[i] = sim_half_to_float(((const uint16_t *)from)[i]); break;
      case NEURON_TENSOR_INT32:
        data[i] = (float)((const int32_t *)from)[i] * (operand->scale == 0 ? 1 : operand->scale);
        break;
      case NEURON_TENSOR_QUANT8_ASYMM:
        data[i] = (float)(((const uint8_t *)from)[i] - operand->zeroPoint) * operand->scale;
        break;
      case NEURON_TENSOR_QUANT16_SYMM: data[i] = (float)((const int16_t *)from)[i] * operand->scale; break;
      case NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL:
        data[i] = (float)((const int8_t *)from)[i] * channel_scale(operand, i);
        break;
      default: data[i] = (float)(((const int8_t *)from)[i] - operand->zeroPoint) * operand->scale;
    }
  }
  return data;
}

void sim_store(const Operand *operand, const float *from, void *to) {
  uint32_t count = sim_count(operand);
  float low, high;
  limits(operand->type, &low, &high);
  for (uint32_t i = 0; i < count; i++) {
    switch (operand->type) {
      case NEURON_TENSOR_FLOAT32: ((float *)to)[i] = from[i]; break;
      case NEURON_TENSOR_FLOAT16: ((uint16_t *)to)[i] = sim_float_to_half(from[i]); break;
      case NEURON_TENSOR_INT32: ((int32_t *)to)[i] = (int32_t)from[i]; break;
      default: {
        float q = fminf(fmaxf(rintf(from[i] / operand->scale) + (float)operand->zeroPoint, low), high);
        if (operand->type == NEURON_TENSOR_QUANT16_SYMM) ((int16_t *)to)[i] = (int16_t)q;
        else if (operand->type == NEURON_TENSOR_QUANT8_ASYMM) ((uint8_t *)to)[i] = (uint8_t)q;
        else ((int8_t *)to)[i] = (int8_t)q;
      }
    }
  }
}

/* To F16 and back, without branches so that it is vectorised. A number below 2^-14 is a multiple of
   2^-24, to which adding and taking away 0.75 rounds it. */
static void round_to_half(float *data, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t bits, sign, rounded;
    memcpy(&bits, &data[i], 4);
    sign = bits & 0x80000000u;
    bits &= 0x7fffffffu;
    rounded = (bits + 0xfff + (bits >> 13 & 1)) & 0xffffe000u;
    rounded = bits >= 0x477ff000u ? 0x7f800000u : rounded;
    float small;
    memcpy(&small, &bits, 4);
    small = (small + 0.75f) - 0.75f;
    uint32_t smallBits;
    memcpy(&smallBits, &small, 4);
    rounded = bits < 0x38800000u ? smallBits : rounded;
    rounded = bits > 0x7f800000u ? 0x7fc00000u : rounded;
    rounded |= sign;
    memcpy(&data[i], &rounded, 4);
  }
}

/* What storing in the operand's type leaves of computed elements. */
void sim_round(const Operand *operand, bool isRelaxed, float *data) {
  uint32_t count = sim_count(operand);
  if (operand->type == NEURON_TENSOR_FLOAT16 || (isRelaxed && operand->type == NEURON_TENSOR_FLOAT32)) {
    round_to_half(data, count);
  } else if (operand->type != NEURON_TENSOR_FLOAT32 && operand->type != NEURON_TENSOR_INT32) {
    float low, high;
    limits(operand->type, &low, &high);
    for (uint32_t i = 0; i < count; i++) {
      float q = fminf(fmaxf(rintf(data[i] / operand->scale) + (float)operand->zeroPoint, low), high);
      data[i] = (q - (float)operand->zeroPoint) * operand->scale;
    }
  }
}

static const void *bytes_of(const Operand *operand) { return operand->valueBytes <= COPIED_BYTES_MAX ? operand->small : operand->value; }

int32_t sim_int(const Operand *scalar) {
  int32_t value = 0;
  memcpy(&value, bytes_of(scalar), scalar->type == NEURON_BOOL ? 1 : 4);
  return value;
}

float sim_float(const Operand *scalar) {
  if (scalar->type == NEURON_FLOAT16) {
    uint16_t half;
    memcpy(&half, bytes_of(scalar), 2);
    return sim_half_to_float(half);
  }
  float value;
  memcpy(&value, bytes_of(scalar), 4);
  return value;
}

const int32_t *sim_ints(const Operand *tensor) { return bytes_of(tensor); }

bool sim_has_shape(const Operand *operand, uint32_t rank, const uint32_t *dims) {
  return operand->rank == rank && memcmp(operand->dims, dims, rank * sizeof *dims) == 0;
}

bool sim_same_shape(const Operand *a, const Operand *b) { return sim_has_shape(a, b->rank, b->dims); }
