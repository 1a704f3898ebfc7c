/* SPDX-License-Identifier: Apache-2.0 */

/* Version and devices of the simulator: an MDLA that takes F16 (and F32 only if relaxed), and a CPU. */

#include <string.h>

#include "sim.h"

static const NeuronDevice devices[] = {
    {"mtk-mdla", "simulated MDLA"},
    {"mtk-cpu", "simulated CPU"},
};

int Neuron_getVersion(NeuronRuntimeVersion *version) {
  int code = sim_enter("Neuron_getVersion");
  if (code != NEURON_NO_ERROR) return code;
  if (version == NULL) return NEURON_UNEXPECTED_NULL;
  version->major = (uint8_t)(sim_version() >> 16);
  version->minor = (uint8_t)(sim_version() >> 8);
  version->patch = (uint8_t)sim_version();
  return NEURON_NO_ERROR;
}

int Neuron_getDeviceCount(uint32_t *count) {
  int code = sim_enter("Neuron_getDeviceCount");
  if (code != NEURON_NO_ERROR) return code;
  *count = sim_corrupts() ? 0xFFFFFFFFu : sizeof devices / sizeof devices[0];
  return NEURON_NO_ERROR;
}

int Neuron_getDevice(uint32_t index, NeuronDevice **device) {
  int code = sim_enter("Neuron_getDevice");
  if (code != NEURON_NO_ERROR) return code;
  if (index >= sizeof devices / sizeof devices[0]) return NEURON_BAD_DATA;
  *device = sim_corrupts() ? NULL : (NeuronDevice *)&devices[index];
  return NEURON_NO_ERROR;
}

int NeuronDevice_getName(const NeuronDevice *device, const char **name) {
  int code = sim_enter("NeuronDevice_getName");
  if (code != NEURON_NO_ERROR) return code;
  *name = sim_corrupts() ? NULL : device->name;
  return NEURON_NO_ERROR;
}

#if !defined(SIM_REQUIRED_ONLY)
int NeuronDevice_getDescription(const NeuronDevice *device, const char **description) {
  int code = sim_enter("NeuronDevice_getDescription");
  if (code != NEURON_NO_ERROR) return code;
  *description = sim_corrupts() ? NULL : device->description;
  return NEURON_NO_ERROR;
}
#endif

uint32_t sim_device_mask(const NeuronDevice *const *list, uint32_t count) {
  uint32_t mask = 0;
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t d = 0; d < sizeof devices / sizeof devices[0]; d++) {
      mask |= list[i] == &devices[d] ? 1u << d : 0;
    }
  }
  return mask;
}
