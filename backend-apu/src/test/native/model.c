/* SPDX-License-Identifier: Apache-2.0 */

/* Models: operands, operations, and what may be done with them in which state. */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define ENTER(function) do { int code_ = sim_enter(function); if (code_ != NEURON_NO_ERROR) return code_; } while (0)
#define MODEL(model, function) do { if ((model) == NULL) return NEURON_UNEXPECTED_NULL; if (!sim_is(model, LIVE_MODEL, function)) return NEURON_BAD_DATA; } while (0)
#define OPEN_MODEL(model, function) do { MODEL(model, function); if ((model)->isFinished) { sim_violation("%s after finish", function); return NEURON_BAD_STATE; } } while (0)

static int bad(const char *function, const char *why) {
  sim_violation("%s: %s", function, why);
  return NEURON_BAD_DATA;
}

int NeuronModel_create(NeuronModel **model) {
  ENTER("NeuronModel_create");
  if (model == NULL) return NEURON_UNEXPECTED_NULL;
  *model = sim_corrupts() ? NULL : sim_new(sizeof **model, LIVE_MODEL);
  return NEURON_NO_ERROR;
}

void NeuronModel_free(NeuronModel *model) {
  (void)sim_enter("NeuronModel_free");
  if (model == NULL || !sim_is(model, LIVE_MODEL, "NeuronModel_free")) return;
  if (model->holders > 0) sim_violation("NeuronModel_free: a compilation still needs it");
  for (uint32_t i = 0; i < model->operandCount; i++) {
    free(model->operands[i].constant);
    free(model->operands[i].owned);
    free(model->operands[i].channelScales);
  }
  free(model->operands);
  free(model->operations);
  free(model->inputs);
  free(model->outputs);
  sim_free(model, LIVE_MODEL, sizeof *model);
}

int NeuronModel_addOperand(NeuronModel *model, const NeuronOperandType *type) {
  ENTER("NeuronModel_addOperand");
  OPEN_MODEL(model, "NeuronModel_addOperand");
  if (type == NULL) return NEURON_UNEXPECTED_NULL;
  if (sim_element_bytes(type->type) == 0) return bad("NeuronModel_addOperand", "unknown type");
  if (type->dimensionCount > RANK_MAX) return bad("NeuronModel_addOperand", "too many dimensions");
  if (sim_is_tensor(type->type) != (type->dimensionCount > 0)) return bad("NeuronModel_addOperand", "a scalar has no dimensions, a tensor at least one");
  Operand operand = {.type = type->type, .rank = type->dimensionCount, .scale = type->scale, .zeroPoint = type->zeroPoint};
  for (uint32_t i = 0; i < operand.rank; i++) {
    operand.dims[i] = type->dimensions[i];
    if (operand.dims[i] == 0) return bad("NeuronModel_addOperand", "a dimension is unknown");
  }
  bool isQuantised = type->type == NEURON_TENSOR_QUANT8_ASYMM || type->type == NEURON_TENSOR_QUANT8_ASYMM_SIGNED || type->type == NEURON_TENSOR_QUANT8_SYMM || type->type == NEURON_TENSOR_QUANT16_SYMM;
  if (isQuantised && !(type->scale > 0)) return bad("NeuronModel_addOperand", "a quantised tensor has a scale above 0");
  if (!isQuantised && type->type != NEURON_TENSOR_INT32 && (type->scale != 0 || type->zeroPoint != 0)) return bad("NeuronModel_addOperand", "scale and zero point are for quantised tensors");
  model->operands = realloc(model->operands, (model->operandCount + 1) * sizeof operand);
  model->operands[model->operandCount++] = operand;
  return NEURON_NO_ERROR;
}

int NeuronModel_setOperandValue(NeuronModel *model, int32_t index, const void *buffer, size_t length) {
  ENTER("NeuronModel_setOperandValue");
  OPEN_MODEL(model, "NeuronModel_setOperandValue");
  if (buffer == NULL) return NEURON_UNEXPECTED_NULL;
  if (index < 0 || (uint32_t)index >= model->operandCount) return bad("NeuronModel_setOperandValue", "no such operand");
  Operand *operand = &model->operands[index];
  if (length != sim_element_bytes(operand->type) * sim_count(operand)) return bad("NeuronModel_setOperandValue", "the length is not the operand's");
  operand->hasValue = true;
  operand->valueBytes = length;
  if (length <= COPIED_BYTES_MAX) {
    memcpy(operand->small, buffer, length);
  } else {
    operand->value = buffer; /* the caller's, unchanged until compiling is done */
    operand->checksum = sim_checksum(buffer, length);
  }
  return NEURON_NO_ERROR;
}

int NeuronModel_addOperation(NeuronModel *model, int32_t type, uint32_t inputCount, const uint32_t *inputs, uint32_t outputCount, const uint32_t *outputs) {
  ENTER("NeuronModel_addOperation");
  OPEN_MODEL(model, "NeuronModel_addOperation");
  if (inputCount > OPERANDS_OF_OP_MAX || outputCount != 1) return bad("NeuronModel_addOperation", "this simulator takes up to 16 inputs and one output");
  Operation operation = {.type = type, .inputCount = inputCount, .outputCount = outputCount};
  for (uint32_t i = 0; i < inputCount + outputCount; i++) {
    uint32_t index = i < inputCount ? inputs[i] : outputs[i - inputCount];
    if (index >= model->operandCount) return bad("NeuronModel_addOperation", "no such operand");
  }
  memcpy(operation.inputs, inputs, inputCount * sizeof *inputs);
  memcpy(operation.outputs, outputs, outputCount * sizeof *outputs);
  model->operations = realloc(model->operations, (model->operationCount + 1) * sizeof operation);
  model->operations[model->operationCount++] = operation;
  return NEURON_NO_ERROR;
}

int NeuronModel_identifyInputsAndOutputs(NeuronModel *model, uint32_t inputCount, const uint32_t *inputs, uint32_t outputCount, const uint32_t *outputs) {
  ENTER("NeuronModel_identifyInputsAndOutputs");
  OPEN_MODEL(model, "NeuronModel_identifyInputsAndOutputs");
  if (inputCount == 0 || outputCount == 0) return bad("NeuronModel_identifyInputsAndOutputs", "a model has inputs and outputs");
  for (uint32_t i = 0; i < inputCount + outputCount; i++) {
    uint32_t index = i < inputCount ? inputs[i] : outputs[i - inputCount];
    if (index >= model->operandCount || !sim_is_tensor(model->operands[index].type)) return bad("NeuronModel_identifyInputsAndOutputs", "inputs and outputs are tensors of the model");
    Operand *operand = &model->operands[index];
    if (operand->isInput || operand->isOutput || operand->hasValue) return bad("NeuronModel_identifyInputsAndOutputs", "an operand is listed twice or has a value");
    *(i < inputCount ? &operand->isInput : &operand->isOutput) = true;
  }
  model->inputs = memcpy(malloc(inputCount * sizeof *inputs), inputs, inputCount * sizeof *inputs);
  model->outputs = memcpy(malloc(outputCount * sizeof *outputs), outputs, outputCount * sizeof *outputs);
  model->inputCount = inputCount;
  model->outputCount = outputCount;
  model->isIdentified = true;
  return NEURON_NO_ERROR;
}

/* Everything known before it is read, computed once, and each operation's operands fit. */
static const char *check(NeuronModel *model) {
  if (!model->isIdentified) return "inputs and outputs are not identified";
  for (uint32_t i = 0; i < model->operationCount; i++) {
    const Operation *operation = &model->operations[i];
    for (uint32_t k = 0; k < operation->inputCount; k++) {
      const Operand *in = &model->operands[operation->inputs[k]];
      if (!in->hasValue && !in->isInput && !in->isProduced) return "an operation reads what is never computed or computed later";
    }
    Operand *out = &model->operands[operation->outputs[0]];
    if (out->hasValue || out->isInput || out->isProduced) return "an operation writes a constant, an input or what is computed already";
    out->isProduced = true;
    const Op *op = sim_find_op(operation->type);
    if (op == NULL) continue; /* valid, but nobody computes it */
    if (operation->inputCount < op->inputMin || operation->inputCount > op->inputMax) return "an operation has too few or too many inputs";
    Call call = {.model = model, .operation = operation, .out = out};
    for (uint32_t k = 0; k < operation->inputCount; k++) call.in[k] = &model->operands[operation->inputs[k]];
    const char *why = op->check(&call);
    if (why != NULL) {
      sim_violation("operation %u of type %d: %s", i, operation->type, why);
      return why;
    }
  }
  for (uint32_t i = 0; i < model->outputCount; i++) {
    if (!model->operands[model->outputs[i]].isProduced) return "an output is never computed";
  }
  return NULL;
}

int NeuronModel_finish(NeuronModel *model) {
  ENTER("NeuronModel_finish");
  OPEN_MODEL(model, "NeuronModel_finish");
  const char *why = check(model);
  if (why != NULL) return bad("NeuronModel_finish", why);
  model->isFinished = true;
  return NEURON_NO_ERROR;
}

static bool is_float(int32_t type) { return type == NEURON_TENSOR_FLOAT32 || type == NEURON_TENSOR_FLOAT16; }

/* An MDLA takes up to 4 dimensions of up to 65535, and F32 only where it may compute in F16. */
static bool is_supported(const NeuronModel *model, const Operation *operation, uint32_t mask) {
  if (sim_is_unsupported(operation->type) || sim_find_op(operation->type) == NULL) return false;
  if (operation->type == SIM_EXT_OPERATION && !sim_has_extension()) return false;
  if (operation->type == NEURON_BATCH_MATMUL && sim_version() < (5 << 16 | 1 << 8 | 2)) return false;
  if (mask & 2) return true;
  for (uint32_t k = 0; k <= operation->inputCount; k++) {
    const Operand *operand = &model->operands[k < operation->inputCount ? operation->inputs[k] : operation->outputs[0]];
    if (operand->rank > 4) return false;
    if (operand->type == NEURON_TENSOR_FLOAT32 && !model->isRelaxed && operation->type != SIM_EXT_OPERATION) return false;
    for (uint32_t d = 0; d < operand->rank && is_float(operand->type); d++) {
      if (operand->dims[d] > 65535) return false;
    }
  }
  return true;
}

bool sim_all_supported(const NeuronModel *model, uint32_t mask) {
  for (uint32_t i = 0; i < model->operationCount; i++) {
    if (!is_supported(model, &model->operations[i], mask)) return false;
  }
  return true;
}

static int supported(const NeuronModel *model, uint32_t mask, bool *flags) {
  MODEL(model, "NeuronModel_getSupportedOperations");
  if (!model->isFinished) return NEURON_BAD_STATE;
  for (uint32_t i = 0; i < model->operationCount; i++) flags[i] = is_supported(model, &model->operations[i], mask);
  return NEURON_NO_ERROR;
}

int NeuronModel_getSupportedOperations(NeuronModel *model, bool *flags, uint32_t operationCount) {
  ENTER("NeuronModel_getSupportedOperations");
  MODEL(model, "NeuronModel_getSupportedOperations");
  if (operationCount != model->operationCount) return bad("NeuronModel_getSupportedOperations", "the count is not the model's");
  return supported(model, 3, flags);
}

#if !defined(SIM_REQUIRED_ONLY)
int NeuronModel_getSupportedOperationsForDevices(const NeuronModel *model, const NeuronDevice *const *devices, uint32_t deviceCount, bool *flags) {
  ENTER("NeuronModel_getSupportedOperationsForDevices");
  return supported(model, sim_device_mask(devices, deviceCount), flags);
}

int NeuronModel_relaxComputationFloat32toFloat16(NeuronModel *model, bool allow) {
  ENTER("NeuronModel_relaxComputationFloat32toFloat16");
  MODEL(model, "NeuronModel_relaxComputationFloat32toFloat16");
  uint8_t byte;
  memcpy(&byte, &allow, 1);
  if (byte > 1) return bad("NeuronModel_relaxComputationFloat32toFloat16", "a bool is 0 or 1");
  model->isRelaxed = allow;
  return NEURON_NO_ERROR;
}

int NeuronModel_setOperandSymmPerChannelQuantParams(NeuronModel *model, int32_t index, const NeuronSymmPerChannelQuantParams *params) {
  ENTER("NeuronModel_setOperandSymmPerChannelQuantParams");
  OPEN_MODEL(model, "NeuronModel_setOperandSymmPerChannelQuantParams");
  if (index < 0 || (uint32_t)index >= model->operandCount || params == NULL) return bad("NeuronModel_setOperandSymmPerChannelQuantParams", "no such operand");
  Operand *operand = &model->operands[index];
  if (operand->type != NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL || params->channelDim >= operand->rank || operand->dims[params->channelDim] != params->scaleCount) return bad("NeuronModel_setOperandSymmPerChannelQuantParams", "one scale for each channel of a per-channel tensor");
  operand->channelDim = params->channelDim;
  operand->channelCount = params->scaleCount;
  operand->channelScales = memcpy(malloc(params->scaleCount * sizeof(float)), params->scales, params->scaleCount * sizeof(float));
  return NEURON_NO_ERROR;
}

static int extension(NeuronModel *model, const char *name, uint16_t code, uint16_t expected, int32_t value, int32_t *type) {
  MODEL(model, "NeuronModel_getExtensionType");
  if (!sim_has_extension() || strcmp(name, "com.mediatek.general_operation") != 0 || code != expected) return NEURON_BAD_DATA;
  *type = value;
  return NEURON_NO_ERROR;
}

int NeuronModel_getExtensionOperandType(NeuronModel *model, const char *name, uint16_t code, int32_t *type) {
  ENTER("NeuronModel_getExtensionOperandType");
  return extension(model, name, code, 0x0100, SIM_EXT_OPERAND, type);
}

int NeuronModel_getExtensionOperationType(NeuronModel *model, const char *name, uint16_t code, int32_t *type) {
  ENTER("NeuronModel_getExtensionOperationType");
  return extension(model, name, code, 0x0000, SIM_EXT_OPERATION, type);
}
#endif
