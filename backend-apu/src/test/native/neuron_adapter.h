/* SPDX-License-Identifier: Apache-2.0 */

/* The Neuron Adapter's ABI as C prototypes of our own: structs, codes and functions that the
   simulator exports. MediaTek's header is C++ only (`bool` without its header, a reference). */

#ifndef ALCEDO_NEURON_ADAPTER_H
#define ALCEDO_NEURON_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  NEURON_NO_ERROR, NEURON_OUT_OF_MEMORY, NEURON_INCOMPLETE, NEURON_UNEXPECTED_NULL, NEURON_BAD_DATA,
  NEURON_OP_FAILED, NEURON_UNMAPPABLE, NEURON_BAD_STATE, NEURON_BAD_VERSION,
  NEURON_OUTPUT_INSUFFICIENT_SIZE, NEURON_UNAVAILABLE_DEVICE, NEURON_MISSED_DEADLINE_TRANSIENT,
  NEURON_MISSED_DEADLINE_PERSISTENT, NEURON_RESOURCE_EXHAUSTED_TRANSIENT,
  NEURON_RESOURCE_EXHAUSTED_PERSISTENT, NEURON_DEAD_OBJECT
};

enum {
  NEURON_FLOAT32, NEURON_INT32, NEURON_UINT32, NEURON_TENSOR_FLOAT32, NEURON_TENSOR_INT32,
  NEURON_TENSOR_QUANT8_ASYMM, NEURON_BOOL, NEURON_TENSOR_QUANT16_SYMM, NEURON_TENSOR_FLOAT16,
  NEURON_TENSOR_BOOL8, NEURON_FLOAT16, NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL,
  NEURON_TENSOR_QUANT16_ASYMM, NEURON_TENSOR_QUANT8_SYMM, NEURON_TENSOR_QUANT8_ASYMM_SIGNED,
  NEURON_MODEL
};

enum {
  NEURON_ADD = 0, NEURON_AVERAGE_POOL_2D = 1, NEURON_CONCATENATION = 2, NEURON_CONV_2D = 3,
  NEURON_DEQUANTIZE = 6, NEURON_FULLY_CONNECTED = 9, NEURON_LOGISTIC = 14, NEURON_MUL = 18,
  NEURON_RELU = 19, NEURON_RESHAPE = 22, NEURON_SOFTMAX = 25, NEURON_TANH = 28, NEURON_DIV = 30,
  NEURON_MEAN = 31, NEURON_PAD = 32, NEURON_SUB = 36, NEURON_TRANSPOSE = 37, NEURON_ABS = 38,
  NEURON_EXP = 49, NEURON_MAXIMUM = 65, NEURON_MINIMUM = 66, NEURON_NEG = 67, NEURON_QUANTIZE = 72,
  NEURON_REDUCE_MAX = 77, NEURON_REDUCE_SUM = 80, NEURON_RSQRT = 83, NEURON_SLICE = 86,
  NEURON_SQRT = 88, NEURON_BATCH_MATMUL = 102, NEURON_NUMBER_OF_OPERATIONS = 108
};

typedef struct { int32_t type; uint32_t dimensionCount; const uint32_t *dimensions; float scale; int32_t zeroPoint; } NeuronOperandType;
typedef struct { uint32_t channelDim, scaleCount; const float *scales; } NeuronSymmPerChannelQuantParams;
typedef struct { uint8_t major, minor, patch; } NeuronRuntimeVersion;

_Static_assert(sizeof(NeuronOperandType) == 24, "as on aarch64");
_Static_assert(sizeof(NeuronSymmPerChannelQuantParams) == 16, "as on aarch64");
_Static_assert(sizeof(NeuronRuntimeVersion) == 3, "three bytes");

typedef struct NeuronModel NeuronModel;
typedef struct NeuronCompilation NeuronCompilation;
typedef struct NeuronExecution NeuronExecution;
typedef struct NeuronDevice { const char *name, *description; } NeuronDevice;
typedef struct NeuronMemory NeuronMemory;
typedef struct NeuronEvent NeuronEvent;

int Neuron_getVersion(NeuronRuntimeVersion *version);
int Neuron_getDeviceCount(uint32_t *count);
int Neuron_getDevice(uint32_t index, NeuronDevice **device);
int NeuronDevice_getName(const NeuronDevice *device, const char **name);
int NeuronDevice_getDescription(const NeuronDevice *device, const char **description);
int NeuronDevice_getExtensionSupport(const char *extension, bool *isSupported);

int NeuronModel_create(NeuronModel **model);
void NeuronModel_free(NeuronModel *model);
int NeuronModel_finish(NeuronModel *model);
int NeuronModel_addOperand(NeuronModel *model, const NeuronOperandType *type);
int NeuronModel_setOperandValue(NeuronModel *model, int32_t index, const void *buffer, size_t length);
int NeuronModel_setOperandSymmPerChannelQuantParams(NeuronModel *model, int32_t index, const NeuronSymmPerChannelQuantParams *params);
int NeuronModel_addOperation(NeuronModel *model, int32_t type, uint32_t inputCount, const uint32_t *inputs, uint32_t outputCount, const uint32_t *outputs);
int NeuronModel_identifyInputsAndOutputs(NeuronModel *model, uint32_t inputCount, const uint32_t *inputs, uint32_t outputCount, const uint32_t *outputs);
int NeuronModel_getSupportedOperations(NeuronModel *model, bool *supported, uint32_t operationCount);
int NeuronModel_getSupportedOperationsForDevices(const NeuronModel *model, const NeuronDevice *const *devices, uint32_t deviceCount, bool *supported);
int NeuronModel_relaxComputationFloat32toFloat16(NeuronModel *model, bool allow);
int NeuronModel_getExtensionOperandType(NeuronModel *model, const char *extension, uint16_t code, int32_t *type);
int NeuronModel_getExtensionOperationType(NeuronModel *model, const char *extension, uint16_t code, int32_t *type);
int NeuronModel_restoreFromCompiledNetwork(NeuronModel **model, NeuronCompilation **compilation, const void *buffer, size_t size);

int NeuronCompilation_create(NeuronModel *model, NeuronCompilation **compilation);
int NeuronCompilation_createForDevices(NeuronModel *model, const NeuronDevice *const *devices, uint32_t deviceCount, NeuronCompilation **compilation);
void NeuronCompilation_free(NeuronCompilation *compilation);
int NeuronCompilation_finish(NeuronCompilation *compilation);
int NeuronCompilation_setPreference(NeuronCompilation *compilation, int32_t preference);
int NeuronCompilation_setPriority(NeuronCompilation *compilation, int priority);
int NeuronCompilation_setOptimizationHint(NeuronCompilation *compilation, uint32_t hint);
int NeuronCompilation_getCompiledNetworkSize(NeuronCompilation *compilation, size_t *size);
int NeuronCompilation_storeCompiledNetwork(NeuronCompilation *compilation, void *buffer, size_t size);

int NeuronExecution_create(NeuronCompilation *compilation, NeuronExecution **execution);
void NeuronExecution_free(NeuronExecution *execution);
int NeuronExecution_setInput(NeuronExecution *execution, int32_t index, const NeuronOperandType *type, const void *buffer, size_t length);
int NeuronExecution_setOutput(NeuronExecution *execution, int32_t index, const NeuronOperandType *type, void *buffer, size_t length);
int NeuronExecution_compute(NeuronExecution *execution);
int NeuronExecution_setBoostHint(NeuronExecution *execution, uint8_t boost);
int NeuronExecution_startComputeWithDependencies(NeuronExecution *execution, const NeuronEvent *const *dependencies, uint32_t count, uint64_t duration, NeuronEvent **event);
int NeuronEvent_wait(NeuronEvent *event);
void NeuronEvent_free(NeuronEvent *event);
int NeuronMemory_createFromFd(size_t size, int protect, int fd, size_t offset, NeuronMemory **memory);
void NeuronMemory_free(NeuronMemory *memory);
int NeuronExecution_setInputFromMemory(NeuronExecution *execution, uint32_t index, const NeuronOperandType *type, const NeuronMemory *memory, size_t offset, size_t length);
int NeuronExecution_setOutputFromMemory(NeuronExecution *execution, uint32_t index, const NeuronOperandType *type, const NeuronMemory *memory, size_t offset, size_t length);

#endif
