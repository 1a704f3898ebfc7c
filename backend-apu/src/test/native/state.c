/* SPDX-License-Identifier: Apache-2.0 */

/* What the simulator counts, and what tests can tell it: faults at call N, versions, operations it
   does not know. Environment variables set the start; `sim_*` functions change it. */

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

enum { FAULT_NONE, FAULT_FAIL, FAULT_HANG, FAULT_ABORT, FAULT_CORRUPT, FAULT_TRANSIENT };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static int fault_kind;
static long fault_call, calls, hanging;
static bool is_hang_over, has_extension = true, is_planted;
static long delay_micros;
static __thread bool corrupts;
static long live_handles, violations, fault_hits;
static char first_violation[400], fault_function[64];
static uint32_t version = 8 << 16 | 2 << 8 | 24;
static uint8_t unsupported[NEURON_NUMBER_OF_OPERATIONS];

/* A fault that is built in, for children: the first call of one function. */
#if !defined(SIM_FAULT_FUNCTION)
#define SIM_FAULT_FUNCTION ""
#define SIM_FAULT_KIND FAULT_NONE
#endif
static const char *const built_in_function = SIM_FAULT_FUNCTION;

static long number(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text == NULL ? otherwise : strtol(text, NULL, 10);
}

__attribute__((constructor)) static void start(void) {
  fault_call = number("SIM_FAULT_CALL", 0);
  fault_kind = (int)number("SIM_FAULT_KIND", FAULT_NONE);
  has_extension = number("SIM_EXTENSION", 1) != 0;
  delay_micros = number("SIM_DELAY_MICROS", 0);
  is_planted = number("SIM_PLANTED", 0) != 0;
  const char *text = getenv("SIM_VERSION");
  unsigned major, minor, patch;
  if (text != NULL && sscanf(text, "%u.%u.%u", &major, &minor, &patch) == 3) {
    version = major << 16 | minor << 8 | patch;
  }
}

/* ---- for tests ---- */

void sim_reset(void) {
  sim_reset_memories();
  pthread_mutex_lock(&mutex);
  fault_kind = FAULT_NONE;
  fault_call = calls = violations = fault_hits = 0;
  first_violation[0] = fault_function[0] = 0;
  is_hang_over = false;
  has_extension = true;
  memset(unsupported, 0, sizeof unsupported);
  pthread_mutex_unlock(&mutex);
}

void sim_set_fault(int kind, long call) {
  pthread_mutex_lock(&mutex);
  fault_kind = kind;
  fault_call = call;
  calls = fault_hits = 0;
  fault_function[0] = 0;
  is_hang_over = false;
  pthread_mutex_unlock(&mutex);
}

/* Lets what hangs go on, failing, and waits until it has. */
void sim_end_hang(void) {
  pthread_mutex_lock(&mutex);
  is_hang_over = true;
  pthread_cond_broadcast(&released);
  while (hanging > 0) {
    pthread_cond_wait(&released, &mutex);
  }
  pthread_mutex_unlock(&mutex);
}

void sim_set_version(int major, int minor, int patch) { version = (uint32_t)(major << 16 | minor << 8 | patch); }
void sim_set_extension(int is_there) { has_extension = is_there != 0; }
void sim_set_unsupported(int operation, int is) { unsupported[operation] = (uint8_t)is; }
long sim_calls(void) { return calls; }
long sim_live_handles(void) { return live_handles; }
long sim_violations(void) {
  sim_forget_memories();
  return violations;
}
long sim_fault_hits(void) { return fault_hits; }
const char *sim_fault_function(void) { return fault_function; }
const char *sim_first_violation(void) { return first_violation; }

/* ---- for the simulator ---- */

uint32_t sim_version(void) { return version; }
bool sim_is_planted(void) { return is_planted; }

void sim_delay(void) {
  if (delay_micros > 0) usleep((useconds_t)delay_micros);
}

bool sim_has_extension(void) { return has_extension; }

bool sim_is_unsupported(int32_t operation) {
  return operation >= 0 && operation < NEURON_NUMBER_OF_OPERATIONS && unsupported[operation];
}

bool sim_corrupts(void) { return corrupts; }

int sim_enter(const char *function) {
  corrupts = false;
  pthread_mutex_lock(&mutex);
  calls++;
  int result = NEURON_NO_ERROR;
  bool is_built_in = fault_hits == 0 && strcmp(function, built_in_function) == 0;
  if (is_built_in || (fault_kind != FAULT_NONE && calls == fault_call)) {
    fault_hits++;
    snprintf(fault_function, sizeof fault_function, "%s", function);
    switch (is_built_in ? SIM_FAULT_KIND : fault_kind) {
      case FAULT_FAIL: result = NEURON_OP_FAILED; break;
      case FAULT_TRANSIENT: result = NEURON_RESOURCE_EXHAUSTED_TRANSIENT; break;
      case FAULT_CORRUPT: corrupts = true; break;
      case FAULT_ABORT:
        fprintf(stderr, "simulated abort in %s\n", function);
        abort();
      default:
        hanging++;
        while (!is_hang_over) {
          pthread_cond_wait(&released, &mutex);
        }
        hanging--;
        pthread_cond_broadcast(&released);
        result = NEURON_DEAD_OBJECT;
    }
  }
  pthread_mutex_unlock(&mutex);
  return result;
}

void sim_violation(const char *format, ...) {
  pthread_mutex_lock(&mutex);
  if (violations++ == 0) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(first_violation, sizeof first_violation, format, arguments);
    va_end(arguments);
  }
  if (getenv("SIM_VERBOSE") != NULL) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
  }
  pthread_mutex_unlock(&mutex);
}

void *sim_new(size_t size, uint32_t magic) {
  uint32_t *handle = calloc(1, size);
  handle[0] = magic;
  pthread_mutex_lock(&mutex);
  live_handles++;
  pthread_mutex_unlock(&mutex);
  return handle;
}

bool sim_is(const void *handle, uint32_t magic, const char *what) {
  if (handle == NULL) {
    return false;
  }
  uint32_t found = *(const uint32_t *)handle;
  if (found != magic) {
    sim_violation("%s: the handle is %s", what, found == FREED ? "freed" : "of another kind");
    return false;
  }
  return true;
}

/* Poisons and keeps: whoever uses the handle again is found out, and nothing else gets its place. */
void sim_free(void *handle, uint32_t magic, size_t size) {
  (void)magic;
  memset(handle, 0xDB, size);
  *(uint32_t *)handle = FREED;
  pthread_mutex_lock(&mutex);
  live_handles--;
  pthread_mutex_unlock(&mutex);
}

uint64_t sim_checksum(const void *data, size_t size) {
  const uint8_t *bytes = data;
  uint64_t sum = 0xcbf29ce484222325u;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    memcpy(&word, bytes + i, 8);
    sum = (sum ^ word) * 0x100000001b3u;
    sum ^= sum >> 29;
  }
  for (; i < size; i++) {
    sum = (sum ^ bytes[i]) * 0x100000001b3u;
  }
  return sum;
}
