/* SPDX-License-Identifier: Apache-2.0 */

/* Executions: operation after operation in plain loops, each result rounded to its operand's type. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim.h"

#define ENTER(function) do { int code_ = sim_enter(function); if (code_ != NEURON_NO_ERROR) return code_; } while (0)
#define EXECUTION(e, function) do { if ((e) == NULL) return NEURON_UNEXPECTED_NULL; if (!sim_is(e, LIVE_EXECUTION, function)) return NEURON_BAD_DATA; } while (0)

const Op *sim_find_op(int32_t type) {
  const Op *tables[] = {sim_arithmetic_ops, sim_shape_ops, sim_linear_ops};
  for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
    for (const Op *op = tables[t]; op->check != NULL; op++) {
      if (op->type == type) return op;
    }
  }
  return NULL;
}

int NeuronExecution_create(NeuronCompilation *compilation, NeuronExecution **execution) {
  ENTER("NeuronExecution_create");
  if (compilation == NULL || execution == NULL) return NEURON_UNEXPECTED_NULL;
  if (!sim_is(compilation, LIVE_COMPILATION, "NeuronExecution_create")) return NEURON_BAD_DATA;
  if (!compilation->isFinished) {
    sim_violation("NeuronExecution_create: the compilation is not finished");
    return NEURON_BAD_STATE;
  }
  if (sim_corrupts()) {
    *execution = NULL;
    return NEURON_NO_ERROR;
  }
  *execution = sim_new(sizeof **execution, LIVE_EXECUTION);
  (*execution)->compilation = compilation;
  (*execution)->inputs = calloc(compilation->model->inputCount, sizeof(void *));
  (*execution)->outputs = calloc(compilation->model->outputCount, sizeof(void *));
  (*execution)->inputMemories = calloc(compilation->model->inputCount, sizeof(NeuronMemory *));
  (*execution)->outputMemories = calloc(compilation->model->outputCount, sizeof(NeuronMemory *));
  compilation->holders++;
  compilation->hasExecuted = true;
  return NEURON_NO_ERROR;
}

void NeuronExecution_free(NeuronExecution *execution) {
  (void)sim_enter("NeuronExecution_free");
  if (execution == NULL || !sim_is(execution, LIVE_EXECUTION, "NeuronExecution_free")) return;
  if (execution->isRunning) sim_violation("NeuronExecution_free: while it runs");
  if (sim_is(execution->compilation, LIVE_COMPILATION, "NeuronExecution_free: its compilation")) {
    execution->compilation->holders--;
    const NeuronModel *model = execution->compilation->model;
    for (uint32_t i = 0; i < model->inputCount; i++) sim_hold_memory(&execution->inputMemories[i], NULL);
    for (uint32_t i = 0; i < model->outputCount; i++) sim_hold_memory(&execution->outputMemories[i], NULL);
  }
  free(execution->inputs);
  free(execution->outputs);
  free(execution->inputMemories);
  free(execution->outputMemories);
  sim_free(execution, LIVE_EXECUTION, sizeof *execution);
}

static int check_port(const NeuronExecution *execution, const char *function, int32_t index, uint32_t count, const uint32_t *ports, const NeuronOperandType *type, const void *buffer, size_t length) {
  EXECUTION(execution, function);
  if (execution->isRunning) {
    sim_violation("%s: while it runs", function);
    return NEURON_BAD_STATE;
  }
  if (buffer == NULL) return NEURON_UNEXPECTED_NULL;
  if (index < 0 || (uint32_t)index >= count || type != NULL) {
    sim_violation("%s: no such port, or a type is given", function);
    return NEURON_BAD_DATA;
  }
  const Operand *operand = &execution->compilation->model->operands[ports[index]];
  if (length != sim_element_bytes(operand->type) * sim_count(operand)) {
    sim_violation("%s: the length is not the operand's", function);
    return NEURON_BAD_DATA;
  }
  return NEURON_NO_ERROR;
}

int NeuronExecution_setInput(NeuronExecution *execution, int32_t index, const NeuronOperandType *type, const void *buffer, size_t length) {
  ENTER("NeuronExecution_setInput");
  EXECUTION(execution, "NeuronExecution_setInput");
  const NeuronModel *model = execution->compilation->model;
  int code = check_port(execution, "NeuronExecution_setInput", index, model->inputCount, model->inputs, type, buffer, length);
  if (code != NEURON_NO_ERROR) return code;
  execution->inputs[index] = buffer;
  sim_hold_memory(&execution->inputMemories[index], NULL);
  return NEURON_NO_ERROR;
}

int NeuronExecution_setOutput(NeuronExecution *execution, int32_t index, const NeuronOperandType *type, void *buffer, size_t length) {
  ENTER("NeuronExecution_setOutput");
  EXECUTION(execution, "NeuronExecution_setOutput");
  const NeuronModel *model = execution->compilation->model;
  int code = check_port(execution, "NeuronExecution_setOutput", index, model->outputCount, model->outputs, type, buffer, length);
  if (code != NEURON_NO_ERROR) return code;
  execution->outputs[index] = buffer;
  sim_hold_memory(&execution->outputMemories[index], NULL);
  return NEURON_NO_ERROR;
}

#if !defined(SIM_REQUIRED_ONLY) && !defined(SIM_WITHOUT_MEMORY)
static int check_memory(const NeuronMemory *memory, int protect, size_t offset, size_t length, const char *function) {
  if (memory == NULL) return NEURON_UNEXPECTED_NULL;
  if (!sim_is_memory(memory, protect, function)) return NEURON_BAD_DATA;
  if (offset > memory->size || length > memory->size - offset) {
    sim_violation("%s: more than the memory has", function);
    return NEURON_BAD_DATA;
  }
  return NEURON_NO_ERROR;
}

int NeuronExecution_setInputFromMemory(NeuronExecution *execution, uint32_t index, const NeuronOperandType *type, const NeuronMemory *memory, size_t offset, size_t length) {
  ENTER("NeuronExecution_setInputFromMemory");
  EXECUTION(execution, "NeuronExecution_setInputFromMemory");
  int code = check_memory(memory, PROT_READ, offset, length, "NeuronExecution_setInputFromMemory");
  if (code != NEURON_NO_ERROR) return code;
  const NeuronModel *model = execution->compilation->model;
  code = check_port(execution, "NeuronExecution_setInputFromMemory", (int32_t)index, model->inputCount, model->inputs, type, memory->mapping, length);
  if (code != NEURON_NO_ERROR) return code;
  execution->inputs[index] = memory->mapping + offset;
  sim_hold_memory(&execution->inputMemories[index], (NeuronMemory *)memory);
  return NEURON_NO_ERROR;
}

int NeuronExecution_setOutputFromMemory(NeuronExecution *execution, uint32_t index, const NeuronOperandType *type, const NeuronMemory *memory, size_t offset, size_t length) {
  ENTER("NeuronExecution_setOutputFromMemory");
  EXECUTION(execution, "NeuronExecution_setOutputFromMemory");
  int code = check_memory(memory, PROT_READ | PROT_WRITE, offset, length, "NeuronExecution_setOutputFromMemory");
  if (code != NEURON_NO_ERROR) return code;
  const NeuronModel *model = execution->compilation->model;
  code = check_port(execution, "NeuronExecution_setOutputFromMemory", (int32_t)index, model->outputCount, model->outputs, type, memory->mapping, length);
  if (code != NEURON_NO_ERROR) return code;
  execution->outputs[index] = memory->mapping + offset;
  sim_hold_memory(&execution->outputMemories[index], (NeuronMemory *)memory);
  return NEURON_NO_ERROR;
}
#endif

/* Whether the memory of all ports is still there. */
static bool has_memory(const NeuronExecution *execution, const char *function) {
  const NeuronModel *model = execution->compilation->model;
  for (uint32_t i = 0; i < model->inputCount; i++) {
    if (execution->inputMemories[i] != NULL && !sim_is_memory(execution->inputMemories[i], PROT_READ, function)) return false;
  }
  for (uint32_t i = 0; i < model->outputCount; i++) {
    if (execution->outputMemories[i] != NULL && !sim_is_memory(execution->outputMemories[i], PROT_WRITE, function)) return false;
  }
  return true;
}

static void compute(const NeuronExecution *execution, bool isCorrupt) {
  const NeuronModel *model = execution->compilation->model;
  sim_delay();
  float **data = calloc(model->operandCount, sizeof *data);
  for (uint32_t i = 0; i < model->operandCount; i++) data[i] = model->operands[i].constant;
  for (uint32_t i = 0; i < model->inputCount; i++) {
    const Operand *in = &model->operands[model->inputs[i]];
    data[model->inputs[i]] = sim_load(in, execution->inputs[i]);
    sim_round(in, model->isRelaxed, data[model->inputs[i]]);
  }
  for (uint32_t i = 0; i < model->operationCount; i++) {
    const Operation *operation = &model->operations[i];
    uint32_t out = operation->outputs[0];
    data[out] = malloc(sizeof(float) * (sim_count(&model->operands[out]) + 1));
    Call call = {.model = model, .operation = operation, .out = &model->operands[out], .outData = data[out]};
    for (uint32_t k = 0; k < operation->inputCount; k++) {
      call.in[k] = &model->operands[operation->inputs[k]];
      call.inData[k] = data[operation->inputs[k]];
    }
    sim_find_op(operation->type)->run(&call);
    sim_round(call.out, model->isRelaxed, data[out]);
  }
  for (uint32_t i = 0; i < model->outputCount; i++) {
    const Operand *out = &model->operands[model->outputs[i]];
    if (isCorrupt) {
      memset(execution->outputs[i], 0xFF, sim_element_bytes(out->type) * sim_count(out));
    } else {
      sim_store(out, data[model->outputs[i]], execution->outputs[i]);
    }
  }
  for (uint32_t i = 0; i < model->operandCount; i++) {
    if (data[i] != model->operands[i].constant) free(data[i]);
  }
  free(data);
}

static int start(NeuronExecution *execution, const char *function) {
  EXECUTION(execution, function);
  const NeuronModel *model = execution->compilation->model;
  if (!sim_is(execution->compilation, LIVE_COMPILATION, function) || !sim_is(model, LIVE_MODEL, function)) return NEURON_BAD_STATE;
  for (uint32_t i = 0; i < model->inputCount + model->outputCount; i++) {
    if ((i < model->inputCount ? execution->inputs[i] : execution->outputs[i - model->inputCount]) == NULL) {
      sim_violation("%s: a port is not set", function);
      return NEURON_BAD_STATE;
    }
  }
  return has_memory(execution, function) ? NEURON_NO_ERROR : NEURON_BAD_STATE;
}

int NeuronExecution_compute(NeuronExecution *execution) {
  EXECUTION(execution, "NeuronExecution_compute");
  if (execution->isRunning) {
    sim_violation("NeuronExecution_compute: while it runs");
    return NEURON_BAD_STATE;
  }
  execution->isRunning = true;
  int code = sim_enter("NeuronExecution_compute");
  if (code == NEURON_NO_ERROR) code = start(execution, "NeuronExecution_compute");
  if (code == NEURON_NO_ERROR) compute(execution, sim_corrupts());
  execution->isRunning = false;
  return code;
}

#if !defined(SIM_REQUIRED_ONLY)
int NeuronExecution_setBoostHint(NeuronExecution *execution, uint8_t boost) {
  ENTER("NeuronExecution_setBoostHint");
  EXECUTION(execution, "NeuronExecution_setBoostHint");
  return boost <= 100 ? NEURON_NO_ERROR : NEURON_BAD_DATA;
}

/* Spoils what the run is to write: nobody may read it before the event. */
int NeuronExecution_startComputeWithDependencies(NeuronExecution *execution, const NeuronEvent *const *dependencies, uint32_t count, uint64_t duration, NeuronEvent **event) {
  ENTER("NeuronExecution_startComputeWithDependencies");
  (void)duration; /* unused by the adapter, too */
  int code = start(execution, "NeuronExecution_startComputeWithDependencies");
  if (code != NEURON_NO_ERROR) return code;
  if (event == NULL) return NEURON_UNEXPECTED_NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (!sim_is(dependencies[i], LIVE_EVENT, "NeuronExecution_startComputeWithDependencies: a dependency")) return NEURON_BAD_DATA;
  }
  if (execution->isRunning) {
    sim_violation("NeuronExecution_startComputeWithDependencies: while it runs");
    return NEURON_BAD_STATE;
  }
  if (sim_corrupts()) {
    *event = NULL;
    return NEURON_NO_ERROR;
  }
  const NeuronModel *model = execution->compilation->model;
  for (uint32_t i = 0; i < model->outputCount; i++) {
    const Operand *out = &model->operands[model->outputs[i]];
    memset(execution->outputs[i], 0xFF, sim_element_bytes(out->type) * sim_count(out));
  }
  execution->isRunning = true;
  *event = sim_new(sizeof **event, LIVE_EVENT);
  (*event)->execution = execution;
  return NEURON_NO_ERROR;
}

int NeuronEvent_wait(NeuronEvent *event) {
  int code = sim_enter("NeuronEvent_wait");
  if (event == NULL) return NEURON_UNEXPECTED_NULL;
  if (!sim_is(event, LIVE_EVENT, "NeuronEvent_wait") || !sim_is(event->execution, LIVE_EXECUTION, "NeuronEvent_wait: its execution")) return NEURON_BAD_DATA;
  if (event->isDone) return code;
  if (code == NEURON_NO_ERROR && !has_memory(event->execution, "NeuronEvent_wait")) code = NEURON_BAD_STATE;
  if (code == NEURON_NO_ERROR) compute(event->execution, sim_corrupts());
  event->isDone = true;
  event->execution->isRunning = false;
  return code;
}

void NeuronEvent_free(NeuronEvent *event) {
  (void)sim_enter("NeuronEvent_free");
  if (event == NULL || !sim_is(event, LIVE_EVENT, "NeuronEvent_free")) return;
  if (!event->isDone) sim_violation("NeuronEvent_free: nobody waited for it");
  sim_free(event, LIVE_EVENT, sizeof *event);
}
#endif
