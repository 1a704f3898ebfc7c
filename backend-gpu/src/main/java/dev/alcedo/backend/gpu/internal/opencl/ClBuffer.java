// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Pointer;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// Memory on a device. Whoever asked for it closes it; closing twice does nothing.
///
/// Transfers are queued behind what was queued before and do not block: the host's memory, native
/// always, must stay as it is until [ClDevice#finish()].
public final class ClBuffer implements AutoCloseable {
  private static final int NON_BLOCKING = 0;
  private static final int BLOCKING = 1;

  private final Pointer queue;
  private final Pointer handle;
  private final String what;
  private final long byteSize;
  private boolean isClosed;

  ClBuffer(Pointer queue, Pointer handle, String what, long byteSize) {
    this.queue = queue;
    this.handle = handle;
    this.what = what;
    this.byteSize = byteSize;
  }

  /// Bytes of the buffer.
  public long byteSize() {
    return byteSize;
  }

  /// A block of rows of equal distance, the same on both sides.
  ///
  /// @param offset bytes before the first row
  /// @param rowBytes bytes of a row
  /// @param pitch bytes from one row's start to the next one's
  /// @param rowCount rows
  public record Rows(long offset, long rowBytes, long pitch, long rowCount) {}

  /// Copies all of `from` to `offset`.
  public void write(long offset, MemorySegment from) {
    check(offset, from.byteSize());
    ClStatus.check(
        "clEnqueueWriteBuffer",
        OpenClCompute.clEnqueueWriteBuffer(
            queue, handle(), NON_BLOCKING, offset, from.byteSize(), pointer(from), 0, null, null));
  }

  /// Fills all of `to` from `offset`.
  public void read(long offset, MemorySegment to) {
    check(offset, to.byteSize());
    ClStatus.check(
        "clEnqueueReadBuffer",
        OpenClCompute.clEnqueueReadBuffer(
            queue, handle(), NON_BLOCKING, offset, to.byteSize(), pointer(to), 0, null, null));
  }

  /// Copies rows of `host` to the same rows of this buffer from `deviceOffset` on.
  public void writeRows(long deviceOffset, MemorySegment host, Rows rows) {
    check(deviceOffset, host.byteSize());
    ClStatus.check(
        "clEnqueueWriteBufferRect",
        OpenClCompute.clEnqueueWriteBufferRect(
            queue,
            handle(),
            NON_BLOCKING,
            new long[] {deviceOffset + rows.offset(), 0, 0},
            new long[] {rows.offset(), 0, 0},
            new long[] {rows.rowBytes(), rows.rowCount(), 1},
            rows.pitch(),
            0,
            rows.pitch(),
            0,
            pointer(host),
            0,
            null,
            null));
  }

  /// Has `writer` write `byteSize` bytes from `offset` on, all of them, after what was queued
  /// before is done. Without a copy where memory is shared.
  public void fill(long offset, int byteSize, Consumer<MemorySegment> writer) {
    map(OpenClCompute.CL_MAP_WRITE_INVALIDATE_REGION, offset, byteSize, writer);
  }

  /// Shows `reader` `byteSize` bytes from `offset` on, after what was queued before is done.
  /// Without a copy where memory is shared.
  public void view(long offset, int byteSize, Consumer<MemorySegment> reader) {
    map(OpenClCompute.CL_MAP_READ, offset, byteSize, reader);
  }

  private void map(long flags, long offset, int byteSize, Consumer<MemorySegment> user) {
    check(offset, byteSize);
    if (byteSize == 0) {
      return;
    }
    Pointer mapped =
        ClHandles.create(
            "clEnqueueMapBuffer",
            errcode ->
                OpenClCompute.clEnqueueMapBuffer(
                    queue, handle(), BLOCKING, flags, offset, byteSize, 0, null, null, errcode));
    try {
      user.accept(MemorySegment.ofBuffer(mapped.getByteBuffer(0, byteSize)));
    } finally {
      ClStatus.check(
          "clEnqueueUnmapMemObject",
          OpenClCompute.clEnqueueUnmapMemObject(queue, handle(), mapped, 0, null, null));
    }
  }

  /// The handle, for calls of this package.
  Pointer handle() {
    if (isClosed) {
      throw new IllegalStateException("device buffer of %s is closed".formatted(what));
    }
    return handle;
  }

  private void check(long offset, long size) {
    if (offset < 0 || size > byteSize - offset) {
      throw new IllegalArgumentException(
          "device buffer of %s: %d bytes at %d of %d".formatted(what, size, offset, byteSize));
    }
  }

  private static Pointer pointer(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("transfer to a device: expected native memory");
    }
    return new Pointer(segment.address());
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      OpenClCompute.clReleaseMemObject(handle);
    }
  }
}
