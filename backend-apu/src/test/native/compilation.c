/* SPDX-License-Identifier: Apache-2.0 */

/* Compilations: the point from which a caller's large constants are no longer needed; compiled
   networks as bytes, and back. */

#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define ENTER(function) do { int code_ = sim_enter(function); if (code_ != NEURON_NO_ERROR) return code_; } while (0)
#define COMPILATION(c, function) do { if ((c) == NULL) return NEURON_UNEXPECTED_NULL; if (!sim_is(c, LIVE_COMPILATION, function)) return NEURON_BAD_DATA; } while (0)
#define BLOB_MAGIC 0x53494d42u

typedef struct {
  uint32_t magic, version, deviceMask, isRelaxed, operandCount, operationCount, inputCount, outputCount;
  uint64_t size, checksum;
} BlobHeader;

static int create(NeuronModel *model, uint32_t mask, NeuronCompilation **compilation) {
  if (model == NULL || compilation == NULL) return NEURON_UNEXPECTED_NULL;
  if (!sim_is(model, LIVE_MODEL, "NeuronCompilation_create")) return NEURON_BAD_DATA;
  if (!model->isFinished) {
    sim_violation("NeuronCompilation_create: the model is not finished");
    return NEURON_BAD_STATE;
  }
  if (sim_corrupts()) {
    *compilation = NULL;
    return NEURON_NO_ERROR;
  }
  *compilation = sim_new(sizeof **compilation, LIVE_COMPILATION);
  (*compilation)->model = model;
  (*compilation)->deviceMask = mask;
  model->holders++;
  return NEURON_NO_ERROR;
}

int NeuronCompilation_create(NeuronModel *model, NeuronCompilation **compilation) {
  ENTER("NeuronCompilation_create");
  return create(model, 3, compilation);
}

#if !defined(SIM_REQUIRED_ONLY)
int NeuronCompilation_createForDevices(NeuronModel *model, const NeuronDevice *const *devices, uint32_t deviceCount, NeuronCompilation **compilation) {
  ENTER("NeuronCompilation_createForDevices");
  return create(model, sim_device_mask(devices, deviceCount), compilation);
}
#endif

void NeuronCompilation_free(NeuronCompilation *compilation) {
  (void)sim_enter("NeuronCompilation_free");
  if (compilation == NULL || !sim_is(compilation, LIVE_COMPILATION, "NeuronCompilation_free")) return;
  if (compilation->holders > 0) sim_violation("NeuronCompilation_free: an execution still needs it");
  if (sim_is(compilation->model, LIVE_MODEL, "NeuronCompilation_free: its model")) compilation->model->holders--;
  sim_free(compilation, LIVE_COMPILATION, sizeof *compilation);
}

/* What a caller freed or changed too early is found here. */
static int take_constants(NeuronModel *model) {
  for (uint32_t i = 0; i < model->operandCount; i++) {
    Operand *operand = &model->operands[i];
    if (!operand->hasValue || operand->constant != NULL || !sim_is_tensor(operand->type)) continue;
    if (operand->valueBytes > COPIED_BYTES_MAX && operand->owned == NULL) {
      if (sim_checksum(operand->value, operand->valueBytes) != operand->checksum) {
        sim_violation("NeuronCompilation_finish: the value of operand %u is not what it was when set", i);
        return NEURON_BAD_DATA;
      }
      operand->owned = memcpy(malloc(operand->valueBytes), operand->value, operand->valueBytes);
      operand->value = operand->owned;
    }
    if (operand->type == NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL && operand->channelScales == NULL) {
      sim_violation("NeuronCompilation_finish: operand %u has no channel scales", i);
      return NEURON_BAD_DATA;
    }
    if (operand->type != SIM_EXT_OPERAND && operand->type != NEURON_TENSOR_INT32) {
      operand->constant = sim_load(operand, operand->valueBytes <= COPIED_BYTES_MAX ? operand->small : operand->owned);
    } else if (operand->type == NEURON_TENSOR_INT32 && operand->rank == 1) {
      operand->constant = sim_load(operand, operand->valueBytes <= COPIED_BYTES_MAX ? operand->small : operand->owned);
    }
  }
  return NEURON_NO_ERROR;
}

int NeuronCompilation_finish(NeuronCompilation *compilation) {
  ENTER("NeuronCompilation_finish");
  COMPILATION(compilation, "NeuronCompilation_finish");
  if (compilation->isFinished) {
    sim_violation("NeuronCompilation_finish: twice");
    return NEURON_BAD_STATE;
  }
  if (!sim_all_supported(compilation->model, compilation->deviceMask)) return NEURON_OP_FAILED;
  int code = take_constants(compilation->model);
  compilation->isFinished = code == NEURON_NO_ERROR;
  return code;
}

static int set(NeuronCompilation *compilation, const char *function, bool isValid) {
  COMPILATION(compilation, function);
  if (compilation->isFinished) {
    sim_violation("%s after finish", function);
    return NEURON_BAD_STATE;
  }
  if (!isValid) sim_violation("%s: no such value", function);
  return isValid ? NEURON_NO_ERROR : NEURON_BAD_DATA;
}

int NeuronCompilation_setPreference(NeuronCompilation *compilation, int32_t preference) {
  ENTER("NeuronCompilation_setPreference");
  return set(compilation, "NeuronCompilation_setPreference", preference >= 0 && preference <= 3);
}

int NeuronCompilation_setPriority(NeuronCompilation *compilation, int priority) {
  ENTER("NeuronCompilation_setPriority");
  return set(compilation, "NeuronCompilation_setPriority", priority == 90 || priority == 100 || priority == 110);
}

#if !defined(SIM_REQUIRED_ONLY)
int NeuronCompilation_setOptimizationHint(NeuronCompilation *compilation, uint32_t hint) {
  ENTER("NeuronCompilation_setOptimizationHint");
  return set(compilation, "NeuronCompilation_setOptimizationHint", hint <= 7);
}

static size_t blob_size(const NeuronModel *model) {
  size_t size = sizeof(BlobHeader) + model->operandCount * sizeof(Operand) + model->operationCount * sizeof(Operation) + 4 * (model->inputCount + model->outputCount);
  for (uint32_t i = 0; i < model->operandCount; i++) {
    size += (model->operands[i].owned != NULL ? model->operands[i].valueBytes : 0) + 4 * (size_t)model->operands[i].channelCount;
  }
  return size;
}

static int storable(NeuronCompilation *compilation, const char *function) {
  COMPILATION(compilation, function);
  if (!compilation->isFinished || compilation->isRestored || compilation->hasExecuted) {
    sim_violation("%s: only between finish and the first execution, and not of a restored network", function);
    return NEURON_BAD_STATE;
  }
  return NEURON_NO_ERROR;
}

int NeuronCompilation_getCompiledNetworkSize(NeuronCompilation *compilation, size_t *size) {
  ENTER("NeuronCompilation_getCompiledNetworkSize");
  int code = storable(compilation, "NeuronCompilation_getCompiledNetworkSize");
  if (code == NEURON_NO_ERROR) *size = sim_corrupts() ? 0 : blob_size(compilation->model);
  return code;
}

static void put(uint8_t **to, const void *from, size_t size) {
  memcpy(*to, from, size);
  *to += size;
}

int NeuronCompilation_storeCompiledNetwork(NeuronCompilation *compilation, void *buffer, size_t size) {
  ENTER("NeuronCompilation_storeCompiledNetwork");
  int code = storable(compilation, "NeuronCompilation_storeCompiledNetwork");
  if (code != NEURON_NO_ERROR) return code;
  const NeuronModel *model = compilation->model;
  if (size != blob_size(model)) return NEURON_BAD_DATA;
  uint8_t *at = (uint8_t *)buffer + sizeof(BlobHeader);
  put(&at, model->operands, model->operandCount * sizeof(Operand));
  put(&at, model->operations, model->operationCount * sizeof(Operation));
  put(&at, model->inputs, 4 * model->inputCount);
  put(&at, model->outputs, 4 * model->outputCount);
  for (uint32_t i = 0; i < model->operandCount; i++) {
    const Operand *operand = &model->operands[i];
    if (operand->owned != NULL) put(&at, operand->owned, operand->valueBytes);
    if (operand->channelCount > 0) put(&at, operand->channelScales, 4 * (size_t)operand->channelCount);
  }
  BlobHeader header = {BLOB_MAGIC, sim_version(), compilation->deviceMask, model->isRelaxed, model->operandCount, model->operationCount, model->inputCount, model->outputCount, size, 0};
  header.checksum = sim_checksum((uint8_t *)buffer + sizeof header, size - sizeof header);
  memcpy(buffer, &header, sizeof header);
  if (sim_corrupts()) ((uint8_t *)buffer)[size / 2] ^= 0x40;
  return NEURON_NO_ERROR;
}

static const uint8_t *take(void *to, const uint8_t *from, size_t size) {
  memcpy(to, from, size);
  return from + size;
}

int NeuronModel_restoreFromCompiledNetwork(NeuronModel **model, NeuronCompilation **compilation, const void *buffer, size_t size) {
  ENTER("NeuronModel_restoreFromCompiledNetwork");
  BlobHeader header;
  if (size < sizeof header) return NEURON_BAD_DATA;
  memcpy(&header, buffer, sizeof header);
  if (header.magic != BLOB_MAGIC || header.size != size || header.checksum != sim_checksum((const uint8_t *)buffer + sizeof header, size - sizeof header)) return NEURON_BAD_DATA;
  if (header.version >> 16 != sim_version() >> 16) return NEURON_BAD_VERSION;
  if (sim_corrupts()) {
    *model = NULL;
    return NEURON_NO_ERROR;
  }
  NeuronModel *m = sim_new(sizeof *m, LIVE_MODEL);
  m->isFinished = m->isIdentified = true;
  m->isRelaxed = header.isRelaxed;
  m->operandCount = header.operandCount;
  m->operationCount = header.operationCount;
  m->inputCount = header.inputCount;
  m->outputCount = header.outputCount;
  const uint8_t *at = (const uint8_t *)buffer + sizeof header;
  at = take(m->operands = malloc(header.operandCount * sizeof(Operand)), at, header.operandCount * sizeof(Operand));
  at = take(m->operations = malloc(header.operationCount * sizeof(Operation)), at, header.operationCount * sizeof(Operation));
  at = take(m->inputs = malloc(4 * header.inputCount), at, 4 * header.inputCount);
  at = take(m->outputs = malloc(4 * header.outputCount), at, 4 * header.outputCount);
  for (uint32_t i = 0; i < m->operandCount; i++) {
    Operand *operand = &m->operands[i];
    operand->constant = NULL;
    if (operand->owned != NULL) {
      at = take(operand->owned = malloc(operand->valueBytes), at, operand->valueBytes);
      operand->value = operand->owned;
    }
    if (operand->channelCount > 0) at = take(operand->channelScales = malloc(4 * (size_t)operand->channelCount), at, 4 * (size_t)operand->channelCount);
  }
  take_constants(m);
  NeuronCompilation *c = sim_new(sizeof *c, LIVE_COMPILATION);
  c->model = m;
  c->deviceMask = header.deviceMask;
  c->isFinished = c->isRestored = true;
  m->holders = 1;
  *model = m;
  *compilation = c;
  return NEURON_NO_ERROR;
}
#endif
