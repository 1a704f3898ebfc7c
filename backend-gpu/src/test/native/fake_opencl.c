/* SPDX-License-Identifier: Apache-2.0 */

/* A simulated OpenCL library for tests of probe and failures: no real driver, no real device. Built by the
   tests once per scenario, with -DFAKE_<SCENARIO>. It is strict about its arguments, so that a wrong
   binding (sizes, order, handles) fails with CL_INVALID_VALUE instead of passing by luck. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CL_SUCCESS 0
#define CL_DEVICE_NOT_FOUND (-1)
#define CL_OUT_OF_RESOURCES (-5)
#define CL_MAP_FAILURE (-12)
#define CL_INVALID_VALUE (-30)
#define CL_INVALID_DEVICE_TYPE (-31)
#define CL_INVALID_PLATFORM (-32)
#define CL_INVALID_DEVICE (-33)
#define CL_INVALID_HOST_PTR (-37)
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
  uint64_t group = 256;
  uint64_t local = 16 << 10;
  uint32_t little = 1;
#if defined(FAKE_SHARED_MEMORY) || defined(FAKE_REFUSED_MAP)
  uint32_t shared = 1;
#else
  uint32_t shared = 0;
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
    case 0x1004: return answer(&group, sizeof group, room, out, needed);
    case 0x1010: return answer(&memory, sizeof memory, room, out, needed);
    case 0x1023: return answer(&local, sizeof local, room, out, needed);
    case 0x1035: return answer(&shared, sizeof shared, room, out, needed);
    case 0x103D: return text("OpenCL C 3.0 simulated", room, out, needed);
    case 0x1026: return answer(&little, sizeof little, room, out, needed);
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

#if !defined(FAKE_ONLY_LISTS)

/* From here on: computing. Programs build and kernels run without doing anything, unless the scenario
   says otherwise; buffers are real memory, so that transfers can be seen. */

#include <stdlib.h>

static int context, queue;
static int buffers, source_builds, binary_builds, wrong_binaries, is_lost;
static int finishes_left = -1; /* before the device is lost; below 0: it never is */

/* What a program is compiled to here; a real driver may crash on anything else. */
static const unsigned char compiled[64] = "what the simulated compiler compiles every program to";

struct program {
  uint32_t tag;
  uint32_t number; /* of -DSELF_TEST */
  int is_binary;
};

struct kernel {
  uint32_t tag;
  struct program *program;
  int is_self_test;
  void *buffer; /* argument 0 */
};

#define PROGRAM 0x50524F47u
#define KERNEL 0x4B45524Eu

static int is_program(const struct program *p) { return p && p->tag == PROGRAM; }

static int is_kernel(const struct kernel *k) { return k && k->tag == KERNEL; }

static void *new_program(int is_binary) {
  struct program *p = calloc(1, sizeof *p);
  p->tag = PROGRAM;
  p->is_binary = is_binary;
  return p;
}

/* For the tests. */
int32_t fakeSourceBuilds(void) { return source_builds; }
int32_t fakeBinaryBuilds(void) { return binary_builds; }
int32_t fakeWrongBinaries(void) { return wrong_binaries; }
void fakeLoseAfter(int32_t finishes) {
  finishes_left = finishes;
  is_lost = 0;
}

#define CHECK(condition, code) \
  if (!(condition)) {          \
    return code;               \
  }

static void *made(void *thing, int32_t status, int32_t *errcode) {
  *errcode = status;
  return status == CL_SUCCESS ? thing : NULL;
}

void *clCreateContext(const intptr_t *properties, uint32_t count, void *const *devices, void *notify,
                      void *data, int32_t *errcode) {
  int is_good = properties[0] == 0x1084 && (void *)properties[1] == &platforms[0] &&
                properties[2] == 0 && count == 1 && devices[0] == &device && !notify && !data;
#if defined(FAKE_NO_CONTEXT)
  is_good = 0;
#endif
  return made(&context, is_good ? CL_SUCCESS : CL_OUT_OF_RESOURCES, errcode);
}

int32_t clReleaseContext(void *handle) { return handle == &context ? CL_SUCCESS : -34; }

void *clCreateCommandQueue(void *owner, void *on, uint64_t properties, int32_t *errcode) {
  int is_good = owner == &context && on == &device && properties == 0;
  return made(&queue, is_good ? CL_SUCCESS : CL_INVALID_VALUE, errcode);
}

int32_t clReleaseCommandQueue(void *handle) { return handle == &queue ? CL_SUCCESS : -36; }

void *clCreateBuffer(void *owner, uint64_t flags, size_t size, void *host, int32_t *errcode) {
  int is_host = flags == (4 | 8);  /* read only, the host's memory */
  int is_good = flags == 1 || flags == (1 | 16) || is_host;
  if (owner != &context || !is_good || size == 0 || is_host != (host != NULL)) {
    return made(NULL, CL_INVALID_VALUE, errcode);
  }
  if (is_host) {
    return made(NULL, CL_INVALID_HOST_PTR, errcode); /* as drivers do that write to all they map */
  }
#if defined(FAKE_NO_MEMORY)
  return made(NULL, -4, errcode);
#elif defined(FAKE_NULL_BUFFER)
  *errcode = CL_SUCCESS;
  return NULL;
#else
  buffers++;
  return made(calloc(1, size), CL_SUCCESS, errcode);
#endif
}

int32_t clReleaseMemObject(void *buffer) {
  buffers--;
  free(buffer);
  return CL_SUCCESS;
}

/* For the tests: buffers that nobody released. */
int32_t fakeOpenBuffers(void) { return buffers; }

void *clCreateProgramWithSource(void *owner, uint32_t count, const char *const *strings,
                                const size_t *lengths, int32_t *errcode) {
  int is_good = owner == &context && count == 1 && lengths[0] > 0 && strings[0][0] == '/';
  return made(is_good ? new_program(0) : NULL, is_good ? CL_SUCCESS : CL_INVALID_VALUE, errcode);
}

void *clCreateProgramWithBinary(void *owner, uint32_t count, void *const *devices,
                                const size_t *lengths, const unsigned char *const *binaries,
                                int32_t *status, int32_t *errcode) {
  if (owner != &context || count != 1 || devices[0] != &device || !status) {
    return made(NULL, CL_INVALID_VALUE, errcode);
  }
  if (lengths[0] != sizeof compiled || memcmp(binaries[0], compiled, sizeof compiled) != 0) {
    wrong_binaries++;
    return made(NULL, -42, errcode);
  }
#if defined(FAKE_REFUSED_BINARY)
  return made(NULL, -42, errcode);
#else
  *status = CL_SUCCESS;
  return made(new_program(1), CL_SUCCESS, errcode);
#endif
}

int32_t clReleaseProgram(void *handle) {
  struct program *p = handle;
  CHECK(is_program(p), -44)
  p->tag = 0;
  free(p);
  return CL_SUCCESS;
}

int32_t clBuildProgram(void *handle, uint32_t count, void *const *devices, const char *options,
                       void *notify, void *data) {
  struct program *p = handle;
  CHECK(is_program(p) && count == 1 && devices[0] == &device && options && !notify && !data,
        CL_INVALID_VALUE)
#if defined(FAKE_NO_BUILD)
  return -11;
#else
  const char *number = strstr(options, "-DSELF_TEST=");
  CHECK(number, -43)
  p->number = (uint32_t)strtoul(number + strlen("-DSELF_TEST="), NULL, 10);
  *(p->is_binary ? &binary_builds : &source_builds) += 1;
  return CL_SUCCESS;
#endif
}

int32_t clGetProgramInfo(void *handle, uint32_t name, size_t room, void *out, size_t *needed) {
  CHECK(is_program(handle), -44)
#if defined(FAKE_NO_BINARY)
  (void)name, (void)room, (void)out, (void)needed;
  return CL_INVALID_VALUE;
#else
  if (name == 0x1165) {
    size_t size = sizeof compiled;
    return answer(&size, sizeof size, room, out, needed);
  }
  CHECK(name == 0x1166 && room == sizeof(void *) && out, CL_INVALID_VALUE)
  memcpy(*(void **)out, compiled, sizeof compiled);
  return CL_SUCCESS;
#endif
}

int32_t clGetProgramBuildInfo(void *handle, void *on, uint32_t name, size_t room, void *out,
                              size_t *needed) {
  CHECK(is_program(handle) && on == &device && name == 0x1183, CL_INVALID_VALUE)
  return text("line 7: the compiler is not in the mood", room, out, needed);
}

void *clCreateKernel(void *owner, const char *name, int32_t *errcode) {
  if (!is_program(owner) || name[0] == 0) {
    return made(NULL, CL_INVALID_VALUE, errcode);
  }
  struct kernel *k = calloc(1, sizeof *k);
  k->tag = KERNEL;
  k->program = owner;
  k->is_self_test = strcmp(name, "self_test") == 0;
  return made(k, CL_SUCCESS, errcode);
}

int32_t clReleaseKernel(void *handle) {
  struct kernel *k = handle;
  CHECK(is_kernel(k), -48)
  k->tag = 0;
  free(k);
  return CL_SUCCESS;
}

int32_t clSetKernelArg(void *handle, uint32_t index, size_t size, const void *value) {
  struct kernel *k = handle;
  CHECK(is_kernel(k) && index < 40 && (size == 4 || size == 8) && value, CL_INVALID_VALUE)
  if (index == 0 && size == 8) {
    memcpy(&k->buffer, value, sizeof k->buffer);
  }
  return CL_SUCCESS;
}

int32_t clFinish(void *handle) {
  CHECK(handle == &queue, -36)
#if defined(FAKE_LOST)
  is_lost = 1;
#endif
  if (finishes_left >= 0 && finishes_left-- == 0) {
    is_lost = 1;
  }
  return is_lost ? CL_OUT_OF_RESOURCES : CL_SUCCESS;
}

int32_t clEnqueueReadBuffer(void *on, void *buffer, uint32_t blocking, size_t offset, size_t size,
                            void *to, uint32_t count, const void *events, void *event) {
  CHECK(on == &queue && buffer && !blocking && !count && !events && !event, CL_INVALID_VALUE)
  memcpy(to, (char *)buffer + offset, size);
  return CL_SUCCESS;
}

int32_t clEnqueueWriteBuffer(void *on, void *buffer, uint32_t blocking, size_t offset, size_t size,
                             const void *from, uint32_t count, const void *events, void *event) {
  CHECK(on == &queue && buffer && !blocking && !count && !events && !event, CL_INVALID_VALUE)
  memcpy((char *)buffer + offset, from, size);
  return CL_SUCCESS;
}

/* Rows of one plane, both sides laid out alike but for where they begin. */
static int32_t rows(char *to, size_t to_start, const char *from, size_t from_start,
                    const size_t *region, size_t to_pitch, size_t from_pitch) {
  CHECK(region[0] > 0 && region[1] > 0 && region[2] == 1 && to_pitch >= region[0] &&
            from_pitch >= region[0],
        CL_INVALID_VALUE)
  for (size_t r = 0; r < region[1]; r++) {
    memcpy(to + to_start + r * to_pitch, from + from_start + r * from_pitch, region[0]);
  }
  return CL_SUCCESS;
}

int32_t clEnqueueWriteBufferRect(void *on, void *buffer, uint32_t blocking, const size_t *origin,
                                 const size_t *host_origin, const size_t *region, size_t pitch,
                                 size_t slice, size_t host_pitch, size_t host_slice,
                                 const void *from, uint32_t count, const void *events,
                                 void *event) {
  CHECK(on == &queue && buffer && !blocking && !slice && !host_slice && !count && !events && !event,
        CL_INVALID_VALUE)
  return rows(buffer, origin[0], from, host_origin[0], region, pitch, host_pitch);
}

static int maps; /* of memory that is not given back yet */

void *clEnqueueMapBuffer(void *on, void *buffer, uint32_t blocking, uint64_t flags, size_t offset,
                         size_t size, uint32_t count, const void *events, void *event,
                         int32_t *errcode) {
  int is_good = on == &queue && buffer && blocking == 1 && (flags == 1 || flags == 4) && size > 0 &&
                !count && !events && !event;
#if defined(FAKE_REFUSED_MAP)
  is_good = 0;
#endif
  maps += is_good;
  return made(is_good ? (char *)buffer + offset : NULL, is_good ? CL_SUCCESS : CL_MAP_FAILURE,
              errcode);
}

int32_t clEnqueueUnmapMemObject(void *on, void *buffer, void *mapped, uint32_t count,
                                const void *events, void *event) {
  CHECK(on == &queue && buffer && mapped && maps > 0 && !count && !events && !event,
        CL_INVALID_VALUE)
  maps--;
  return CL_SUCCESS;
}

/* For the tests: memory that nobody gave back. */
int32_t fakeOpenMaps(void) { return maps; }

int32_t clEnqueueNDRangeKernel(void *on, void *handle, uint32_t dimensions, const size_t *offset,
                               const size_t *global, const size_t *local, uint32_t count,
                               const void *events, void *event) {
  struct kernel *k = handle;
  CHECK(on == &queue && is_kernel(k) && !offset && !count && !events && !event,
        CL_INVALID_VALUE)
  size_t group = 1;
  for (uint32_t i = 0; i < dimensions; i++) {
    CHECK(global[i] > 0 && global[i] % local[i] == 0, -54)
    group *= local[i];
  }
  CHECK(group <= 256, -54)
#if defined(FAKE_REFUSED_KERNEL)
  return CL_OUT_OF_RESOURCES;
#endif
  for (size_t i = 0; k->is_self_test && i < global[0]; i++) {
#if defined(FAKE_WRONG_PROGRAM)
    uint32_t number = 1;
#else
    uint32_t number = k->program->number;
#endif
    ((uint32_t *)k->buffer)[i] = (uint32_t)(i + 1) * number;
  }
  return CL_SUCCESS;
}

#endif
