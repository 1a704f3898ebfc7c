/* SPDX-License-Identifier: Apache-2.0 */

/* A C library for tests, of the calls that make and map memory with a descriptor: each can be told
   to fail, what is open and mapped is counted, and there is a DMA heap, which no test machine has.
   Its buffers are files in memory that remember who may touch them. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 4096

enum { CLOSED, HEAP, BUFFER, OTHER };

static char failing[32];
static long live, syncs, violations;
static bool has_heap;
static uint8_t kinds[DESCRIPTORS_MAX];
static bool is_device_turn[DESCRIPTORS_MAX];

void posix_fail(const char *call) { snprintf(failing, sizeof failing, "%s", call); }

void posix_reset(const char *failing_call, int is_heap_there) {
  posix_fail(failing_call);
  has_heap = is_heap_there != 0;
  live = syncs = violations = 0;
}

long posix_live(void) { return live; }
long posix_syncs(void) { return syncs; }
long posix_violations(void) { return violations; }

static bool fails(const char *call) {
  if (strcmp(call, failing) != 0) return false;
  errno = EPERM;
  return true;
}

static int opened(long fd, uint8_t kind) {
  if (fd < 0 || fd >= DESCRIPTORS_MAX) return -1;
  kinds[fd] = kind;
  is_device_turn[fd] = false;
  live++;
  return (int)fd;
}

int memfd_create(const char *name, unsigned flags) {
  return fails("memfd_create") ? -1 : opened(syscall(SYS_memfd_create, name, flags), OTHER);
}

int ftruncate(int fd, off_t length) {
  return fails("ftruncate") ? -1 : (int)syscall(SYS_ftruncate, fd, length);
}

void *mmap(void *at, size_t length, int protect, int flags, int fd, off_t offset) {
  if (fails("mmap")) return (void *)-1;
  long mapping = syscall(SYS_mmap, at, length, protect, flags, fd, offset);
  if (mapping != -1) live++;
  return (void *)mapping;
}

int munmap(void *at, size_t length) {
  live--;
  return (int)syscall(SYS_munmap, at, length);
}

int close(int fd) {
  if (fd < 0 || fd >= DESCRIPTORS_MAX || kinds[fd] == CLOSED) violations++;
  else kinds[fd] = CLOSED;
  live--;
  return (int)syscall(SYS_close, fd);
}

int open(const char *path, int flags, ...) {
  if (fails("open")) return -1;
  if (!has_heap || strcmp(path, "/dev/dma_heap/system") != 0) {
    errno = ENOENT;
    return -1;
  }
  if (flags != (O_RDONLY | O_CLOEXEC)) violations++;
  return opened(syscall(SYS_memfd_create, "heap", 0), HEAP);
}

static int allocate(struct dma_heap_allocation_data *data) {
  if (data->fd != 0 || data->fd_flags != (O_RDWR | O_CLOEXEC) || data->heap_flags != 0) {
    errno = EINVAL;
    return -1;
  }
  int fd = opened(syscall(SYS_memfd_create, "buffer", MFD_CLOEXEC), BUFFER);
  if (fd < 0 || syscall(SYS_ftruncate, fd, data->len) != 0) return -1;
  data->fd = (unsigned)fd;
  return 0;
}

/* The host's turn ends and starts again, one after the other. Every third call is interrupted. */
static int sync_buffer(int fd, const struct dma_buf_sync *data) {
  if (++syncs % 3 == 0) {
    errno = EINTR;
    return -1;
  }
  bool is_end = (data->flags & DMA_BUF_SYNC_END) != 0;
  if ((data->flags & DMA_BUF_SYNC_RW) != DMA_BUF_SYNC_RW || is_end == is_device_turn[fd]) violations++;
  is_device_turn[fd] = is_end;
  return 0;
}

int ioctl(int fd, unsigned long request, void *data) {
  if (fails("ioctl")) return -1;
  if (fd >= 0 && fd < DESCRIPTORS_MAX) {
    if (request == DMA_HEAP_IOCTL_ALLOC && kinds[fd] == HEAP) return allocate(data);
    if (request == DMA_BUF_IOCTL_SYNC && kinds[fd] == BUFFER) return sync_buffer(fd, data);
  }
  errno = ENOTTY;
  return -1;
}
