/* SPDX-License-Identifier: Apache-2.0 */

/* A simulated OpenCL library for tests of the probe: no real driver, no real device. Built by the
   tests once per scenario, with -DFAKE_<SCENARIO>. It is strict about its arguments, so that a wrong
   binding (sizes, order, handles) fails with CL_INVALID_VALUE instead of passing by luck. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CL_SUCCESS 0
#define CL_DEVICE_NOT_FOUND (-1)
#define CL_OUT_OF_RESOURCES (-5)
#define CL_INVALID_VALUE (-30)
#define CL_INVALID_DEVICE_TYPE (-31)
#define CL_INVALID_PLATFORM (-32)
#define CL_INVALID_DEVICE (-33)
#define CL_PLATFORM_NOT_FOUND_KHR (-1001)

#if defined(FAKE_NO_PLATFORM)
#define PLATFORMS 0
#elif defined(FAKE_SECOND_PLATFORM_FAILS)
#define PLATFORMS 2
#else
#define PLATFORMS 1
#endif

static int platforms[2];
static int device;

int32_t clGetPlatformIDs(uint32_t num_entries, void **out, uint32_t *count) {
#if defined(FAKE_NO_DRIVER)
  (void)num_entries, (void)out, (void)count;
  return CL_PLATFORM_NOT_FOUND_KHR;
#else
  if ((num_entries == 0) != (out == NULL) || (out == NULL && count == NULL)) {
    return CL_INVALID_VALUE;
  }
  for (int i = 0; i < PLATFORMS && (uint32_t)i < num_entries; i++) {
    out[i] = &platforms[i];
  }
  if (count != NULL) {
#if defined(FAKE_ABSURD_COUNT)
    *count = 0xFFFFFFFFu;
#else
    *count = PLATFORMS;
#endif
  }
  return CL_SUCCESS;
#endif
}

static int32_t answer(const void *value, size_t bytes, size_t room, void *out, size_t *needed) {
  if (needed != NULL) {
    *needed = bytes;
  }
  if (out == NULL) {
    return needed == NULL || room != 0 ? CL_INVALID_VALUE : CL_SUCCESS;
  }
  /* Stricter than the standard, which allows more room than needed. */
  if (room != bytes) {
    return CL_INVALID_VALUE;
  }
  memcpy(out, value, bytes);
  return CL_SUCCESS;
}

static int32_t text(const char *value, size_t room, void *out, size_t *needed) {
  return answer(value, strlen(value) + 1, room, out, needed);
}

int32_t clGetPlatformInfo(void *platform, uint32_t name, size_t room, void *out, size_t *needed) {
  if (platform != &platforms[0] && platform != &platforms[1]) {
    return CL_INVALID_PLATFORM;
  }
#if defined(FAKE_SECOND_PLATFORM_FAILS)
  if (platform == &platforms[1]) {
    return CL_OUT_OF_RESOURCES;
  }
#endif
  switch (name) {
    case 0x0901: return text("OpenCL 3.0 simulated", room, out, needed);
    case 0x0902: return text("Simulated Platform", room, out, needed);
    default: return CL_INVALID_VALUE;
  }
}

int32_t clGetDeviceIDs(void *platform, uint64_t type, uint32_t num_entries, void **out,
                       uint32_t *count) {
  if (platform != &platforms[0]) {
    return CL_INVALID_PLATFORM;
  }
  if (type != 0xFFFFFFFFu) {
    return CL_INVALID_DEVICE_TYPE;
  }
  if ((num_entries == 0) != (out == NULL)) {
    return CL_INVALID_VALUE;
  }
#if defined(FAKE_NO_DEVICE)
  (void)count;
  return CL_DEVICE_NOT_FOUND;
#else
  if (out != NULL) {
    out[0] = &device;
  }
  if (count != NULL) {
    *count = 1;
  }
  return CL_SUCCESS;
#endif
}

#if !defined(FAKE_MISSING_SYMBOL)
int32_t clGetDeviceInfo(void *handle, uint32_t name, size_t room, void *out, size_t *needed) {
  if (handle != &device) {
    return CL_INVALID_DEVICE;
  }
#if defined(FAKE_CPU_ONLY)
  uint64_t type = 2;
#else
  uint64_t type = 4;
#endif
  uint32_t units = 7;
  uint64_t memory = 3ull << 30;
  switch (name) {
    case 0x1000: return answer(&type, sizeof type, room, out, needed);
    case 0x1002: return answer(&units, sizeof units, room, out, needed);
    case 0x101F: return answer(&memory, sizeof memory, room, out, needed);
#if defined(FAKE_HOSTILE_TEXT)
    case 0x102B: return text("Evil\033[2J\r\nGPU", room, out, needed);
#else
    case 0x102B: return text("Simulated-G1", room, out, needed);
#endif
#if defined(FAKE_FAILING_CALL)
    case 0x102D: return CL_OUT_OF_RESOURCES;
#else
    case 0x102D: return text("1.2.3", room, out, needed);
#endif
    case 0x102F: return text("OpenCL 3.0 simulated", room, out, needed);
#if defined(FAKE_ABSURD_TEXT)
    case 0x1030:
      *needed = (size_t)-1;
      return CL_SUCCESS;
#else
    case 0x1030: return text("cl_khr_fp16 cl_khr_something", room, out, needed);
#endif
    default: return CL_INVALID_VALUE;
  }
}
#endif
