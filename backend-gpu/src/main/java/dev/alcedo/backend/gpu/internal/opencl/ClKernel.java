// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.HashMap;
import java.util.Map;

/// A function of a program with its arguments, which are kept from run to run. One thread at a
/// time; whoever created it closes it.
public final class ClKernel implements AutoCloseable {
  private final Pointer queue;
  private final Pointer handle;
  private final String name;
  private final Memory value = new Memory(Long.BYTES);
  private final Map<Integer, Object> held = new HashMap<>();
  private boolean isClosed;

  ClKernel(Pointer queue, Pointer handle, String name) {
    this.queue = queue;
    this.handle = handle;
    this.name = name;
  }

  /// Sets a `__global` pointer.
  public void buffer(int index, ClBuffer buffer) {
    if (held.get(index) != buffer) {
      value.setPointer(0, buffer.handle());
      set(index, Long.BYTES, buffer);
    }
  }

  /// Sets an `int`.
  public void number(int index, int number) {
    if (!(held.get(index) instanceof Integer last) || last != number) {
      value.setInt(0, number);
      set(index, Integer.BYTES, number);
    }
  }

  /// Sets a `float`.
  public void real(int index, float number) {
    value.setFloat(0, number);
    set(index, Float.BYTES, number);
  }

  /// Queues a run over `global` work-items in groups of `local`; each of `global` is a multiple.
  public void enqueue(long[] global, long[] local) {
    ClStatus.check(
        "clEnqueueNDRangeKernel(%s)",
        name,
        OpenClCompute.clEnqueueNDRangeKernel(
            queue, handle, global.length, null, global, local, 0, null, null));
  }

  /// Sends `value` and notes what it stands for, so that it is not sent again.
  private void set(int index, long byteSize, Object what) {
    if (isClosed) {
      throw new IllegalStateException("kernel '%s' is closed".formatted(name));
    }
    ClStatus.check(
        "clSetKernelArg(%s)", name, OpenClCompute.clSetKernelArg(handle, index, byteSize, value));
    held.put(index, what);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      OpenClCompute.clReleaseKernel(handle);
      value.close();
    }
  }
}
