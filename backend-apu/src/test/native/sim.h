/* SPDX-License-Identifier: Apache-2.0 */

/* Inside the simulated Neuron Adapter: what its files share. No real driver, no real APU. */

#ifndef ALCEDO_SIM_H
#define ALCEDO_SIM_H

#include <sys/types.h>

#include "neuron_adapter.h"

#define RANK_MAX 8
#define OPERANDS_OF_OP_MAX 16
#define COPIED_BYTES_MAX 128

/* Extension codes that this library hands out; only their being asked for makes them valid. */
#define SIM_EXT_OPERAND 0x7001
#define SIM_EXT_OPERATION 0x7100

/* Handles begin with one of these; freed ones change it and are kept, so that a later use is seen. */
enum { LIVE_MODEL = 0x4d4f4445, LIVE_COMPILATION = 0x434f4d50, LIVE_EXECUTION = 0x45584543, LIVE_EVENT = 0x45564e54, LIVE_MEMORY = 0x4d454d4f, FREED = 0x0DEADBED };

typedef struct {
  int32_t type;
  uint32_t rank, dims[RANK_MAX];
  float scale;
  int32_t zeroPoint;
  bool hasValue, isInput, isOutput, isProduced;
  uint8_t small[COPIED_BYTES_MAX]; /* values up to that size are copied at once */
  const void *value;               /* others belong to the caller until compiling is done */
  size_t valueBytes;
  uint64_t checksum;
  uint32_t channelDim, channelCount;
  float *channelScales;
  float *constant; /* elements of a constant tensor, from compiling on */
  void *owned;     /* its bytes, from compiling on */
} Operand;

typedef struct {
  int32_t type;
  uint32_t inputCount, inputs[OPERANDS_OF_OP_MAX], outputCount, outputs[OPERANDS_OF_OP_MAX];
} Operation;

struct NeuronModel {
  uint32_t magic;
  bool isFinished, isRelaxed, isIdentified;
  Operand *operands;
  uint32_t operandCount;
  Operation *operations;
  uint32_t operationCount;
  uint32_t *inputs, inputCount, *outputs, outputCount;
  uint32_t holders; /* compilations */
};

struct NeuronCompilation {
  uint32_t magic;
  NeuronModel *model;
  bool isFinished, isRestored, hasExecuted;
  uint32_t deviceMask;
  uint32_t holders; /* executions */
};

struct NeuronExecution {
  uint32_t magic;
  NeuronCompilation *compilation;
  const void **inputs;
  void **outputs;
  NeuronMemory **inputMemories, **outputMemories; /* of ports that are not bound by address */
  bool isRunning;
};

struct NeuronMemory {
  uint32_t magic;
  int fd, protect;
  dev_t device;
  ino_t inode;
  size_t size;
  uint8_t *mapping;
  uint32_t holders; /* ports of executions */
};

/* A run that was started. It is computed when somebody waits for it, so that who reads results or
   changes operands before that is found out. */
struct NeuronEvent {
  uint32_t magic;
  NeuronExecution *execution;
  bool isDone;
};

/* One operation with its operands at hand; `data` are elements as floats, while it is run. */
typedef struct {
  const NeuronModel *model;
  const Operation *operation;
  const Operand *in[OPERANDS_OF_OP_MAX];
  const Operand *out;
  const float *inData[OPERANDS_OF_OP_MAX];
  float *outData;
} Call;

/* `check` says whether operands fit together, with the reason if not; `run` computes. */
typedef struct {
  int32_t type;
  uint32_t inputMin, inputMax;
  const char *(*check)(const Call *call);
  void (*run)(const Call *call);
} Op;

const Op *sim_find_op(int32_t type);
extern const Op sim_arithmetic_ops[], sim_shape_ops[], sim_linear_ops[];

/* state.c */
int sim_enter(const char *function); /* counts the call; a code other than 0 is to be returned */
bool sim_corrupts(void);             /* whether the call entered last is to spoil what it gives */
void sim_violation(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *sim_new(size_t size, uint32_t magic);
bool sim_is(const void *handle, uint32_t magic, const char *what);
void sim_free(void *handle, uint32_t magic, size_t size);
bool sim_is_unsupported(int32_t operation);
bool sim_has_extension(void);
uint64_t sim_checksum(const void *data, size_t size);
void sim_delay(void);     /* what an execution takes, where a test says so */
bool sim_is_planted(void); /* whether to compute a little wrong */
uint32_t sim_version(void); /* major << 16 | minor << 8 | patch */

/* memory.c */
bool sim_is_memory(const NeuronMemory *memory, int protect, const char *function);
void sim_hold_memory(NeuronMemory **slot, NeuronMemory *memory);
void sim_forget_memories(void);
void sim_reset_memories(void);

/* device.c, or a test's own */
uint32_t sim_device_mask(const NeuronDevice *const *devices, uint32_t count); /* bit 0 MDLA, bit 1 CPU */

/* model.c */
bool sim_all_supported(const NeuronModel *model, uint32_t mask);

/* values.c */
bool sim_is_tensor(int32_t type);
bool sim_is_byte(int32_t type); /* quantised with one scale */
size_t sim_element_bytes(int32_t type);
uint32_t sim_count(const Operand *operand);
float sim_half_to_float(uint16_t half);
uint16_t sim_float_to_half(float value);
float *sim_load(const Operand *operand, const void *from);
void sim_store(const Operand *operand, const float *from, void *to);
void sim_round(const Operand *operand, bool isRelaxed, float *data);
int32_t sim_int(const Operand *scalar);
float sim_float(const Operand *scalar);
const int32_t *sim_ints(const Operand *tensor);
bool sim_same_shape(const Operand *a, const Operand *b);
bool sim_has_shape(const Operand *operand, uint32_t rank, const uint32_t *dims);

#endif
