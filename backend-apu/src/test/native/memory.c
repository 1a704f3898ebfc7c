/* SPDX-License-Identifier: Apache-2.0 */

/* Memory that callers give by descriptor. It is mapped here, too, so that what the other side
   writes through its own mapping is what is computed with. */

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "sim.h"

#define WATCHED_MAX 64

/* The last memories that were freed stay mapped for a while: nobody may write to them any more. */
typedef struct {
  void *mapping;
  size_t size;
  uint64_t checksum;
} Watched;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Watched watched[WATCHED_MAX];
static long bindings;
static bool is_refused;

static void forget(Watched *memory) {
  if (memory->mapping == NULL) return;
  if (sim_checksum(memory->mapping, memory->size) != memory->checksum) sim_violation("a freed memory was written to");
  munmap(memory->mapping, memory->size);
  memory->mapping = NULL;
}

/* Looks at all that were freed, and unmaps them. */
void sim_forget_memories(void) {
  pthread_mutex_lock(&mutex);
  for (uint32_t i = 0; i < WATCHED_MAX; i++) forget(&watched[i]);
  pthread_mutex_unlock(&mutex);
}

void sim_reset_memories(void) {
  sim_forget_memories();
  bindings = 0;
  is_refused = false;
}

/* Whether to take no descriptor, as an adapter does that knows another kind of memory only. */
void sim_set_memory_refused(int is) { is_refused = is != 0; }

/* Ports bound to memories since the last reset. */
long sim_memory_bindings(void) { return bindings; }

/* Whether the descriptor is still the one that the memory was made of. */
static bool has_descriptor(const NeuronMemory *memory) {
  struct stat file;
  return fstat(memory->fd, &file) == 0 && file.st_dev == memory->device && file.st_ino == memory->inode;
}

bool sim_is_memory(const NeuronMemory *memory, int protect, const char *function) {
  if (!sim_is(memory, LIVE_MEMORY, function)) return false;
  if (!has_descriptor(memory)) {
    sim_violation("%s: the memory's descriptor is closed", function);
    return false;
  }
  if ((memory->protect & protect) != protect) {
    sim_violation("%s: the memory's protection forbids it", function);
    return false;
  }
  return true;
}

void sim_hold_memory(NeuronMemory **slot, NeuronMemory *memory) {
  if (*slot != NULL && sim_is(*slot, LIVE_MEMORY, "a port's memory")) (*slot)->holders--;
  if (memory != NULL) {
    memory->holders++;
    bindings++;
  }
  *slot = memory;
}

#if !defined(SIM_REQUIRED_ONLY) && !defined(SIM_WITHOUT_MEMORY)
static int create(size_t size, int protect, int fd, size_t offset, NeuronMemory **memory) {
  struct stat file;
  if (fstat(fd, &file) != 0) {
    sim_violation("NeuronMemory_createFromFd: no such descriptor");
    return NEURON_BAD_DATA;
  }
  if (size == 0 || offset > (size_t)file.st_size || size > (size_t)file.st_size - offset) {
    sim_violation("NeuronMemory_createFromFd: nothing, or more than the file has");
    return NEURON_BAD_DATA;
  }
  if ((protect & ~(PROT_READ | PROT_WRITE)) != 0) {
    sim_violation("NeuronMemory_createFromFd: no such protection");
    return NEURON_BAD_DATA;
  }
  void *mapping = mmap(NULL, size, protect, MAP_SHARED, fd, (off_t)offset);
  if (mapping == MAP_FAILED) return NEURON_UNMAPPABLE;
  if (sim_corrupts()) {
    munmap(mapping, size);
    return NEURON_NO_ERROR;
  }
  *memory = sim_new(sizeof **memory, LIVE_MEMORY);
  (*memory)->fd = fd;
  (*memory)->device = file.st_dev;
  (*memory)->inode = file.st_ino;
  (*memory)->size = size;
  (*memory)->protect = protect;
  (*memory)->mapping = mapping;
  return NEURON_NO_ERROR;
}

int NeuronMemory_createFromFd(size_t size, int protect, int fd, size_t offset, NeuronMemory **memory) {
  int code = sim_enter("NeuronMemory_createFromFd");
  if (memory == NULL) return NEURON_UNEXPECTED_NULL;
  *memory = NULL;
  if (code != NEURON_NO_ERROR) return code;
  return is_refused ? NEURON_UNMAPPABLE : create(size, protect, fd, offset, memory);
}

void NeuronMemory_free(NeuronMemory *memory) {
  (void)sim_enter("NeuronMemory_free");
  if (memory == NULL || !sim_is(memory, LIVE_MEMORY, "NeuronMemory_free")) return;
  if (!has_descriptor(memory)) sim_violation("NeuronMemory_free: the memory's descriptor is closed");
  if (memory->holders > 0) sim_violation("NeuronMemory_free: an execution still uses it");
  static uint32_t next;
  pthread_mutex_lock(&mutex);
  Watched *place = &watched[next++ % WATCHED_MAX];
  forget(place);
  *place = (Watched){memory->mapping, memory->size, sim_checksum(memory->mapping, memory->size)};
  pthread_mutex_unlock(&mutex);
  sim_free(memory, LIVE_MEMORY, sizeof *memory);
}
#endif
