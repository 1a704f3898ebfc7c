/* SPDX-License-Identifier: Apache-2.0 */

/* The simulator's version and devices, in its place, that misbehave: built by tests of the probe,
   once per scenario, with -DFAKE_<SCENARIO>. What computes is the simulator's. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

static const NeuronDevice devices[] = {
    {"mtk-mdla", "simulated MDLA"},
    {"mtk-\033[31mvpu\n", "simulated\tVPU"},
};

#if defined(FAKE_ABORT_IN_LOAD)
__attribute__((constructor)) static void load(void) { abort(); }
#endif

#if defined(FAKE_ABORT_AT_EXIT)
__attribute__((destructor)) static void unload(void) { abort(); }
#endif

int Neuron_getVersion(NeuronRuntimeVersion *version) {
#if defined(FAKE_ABORT)
  fputs("terminate called after throwing an instance of 'simulated::Error'\n", stderr);
  abort();
#elif defined(FAKE_SEGFAULT)
  *(volatile int *)8 = 1;
#elif defined(FAKE_EXIT)
  _exit(0);
#elif defined(FAKE_HANG)
  for (;;) pause();
#elif defined(FAKE_BAD_VERSION)
  (void)version;
  return NEURON_BAD_VERSION;
#elif defined(FAKE_TALKS)
  fputs("I/neuron: log line\nand one that does not end", stdout);
  fflush(stdout);
#elif defined(FAKE_FLOODS)
  for (int i = 0; i < 1 << 20; i++) fputs("no line end", stdout); /* 11 MiB */
  fflush(stdout);
#elif defined(FAKE_LIES)
  fputs("\nalcedo-neuron-probe/1\tversion\t8.2.24.1\n", stdout);
  fflush(stdout);
#endif
  if (version == NULL) {
    return NEURON_UNEXPECTED_NULL;
  }
#if defined(FAKE_TOO_OLD)
  const NeuronRuntimeVersion answer = {4, 255, 255};
#else
  const NeuronRuntimeVersion answer = {8, 2, 240};
#endif
  memcpy(version, &answer, sizeof answer);
  return NEURON_NO_ERROR;
}

int Neuron_getDeviceCount(uint32_t *count) {
#if defined(FAKE_TOO_OLD)
  abort(); /* nobody may ask */
#elif defined(FAKE_NO_DEVICE)
  *count = 0;
#elif defined(FAKE_ABSURD_COUNT)
  *count = 0xFFFFFFFFu;
#else
  *count = sizeof devices / sizeof devices[0];
#endif
  return NEURON_NO_ERROR;
}

int Neuron_getDevice(uint32_t index, NeuronDevice **device) {
  if (index >= sizeof devices / sizeof devices[0]) {
    return NEURON_BAD_DATA;
  }
  *device = (NeuronDevice *)&devices[index];
  return NEURON_NO_ERROR;
}

#if !defined(FAKE_MISSING_SYMBOL)
int NeuronDevice_getName(const NeuronDevice *device, const char **name) {
  *name = device->name;
  return NEURON_NO_ERROR;
}
#endif

#if !defined(FAKE_NO_DESCRIPTION)
int NeuronDevice_getDescription(const NeuronDevice *device, const char **description) {
  *description = device->description;
  return NEURON_NO_ERROR;
}
#endif

uint32_t sim_device_mask(const NeuronDevice *const *list, uint32_t count) {
  (void)list;
  return count > 0;
}
