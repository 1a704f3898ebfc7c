// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The weights on a device, uploaded once, however many graphs read them: a tied embedding table
/// and output matrix are one. Any thread.
final class DeviceWeights {
  private static final int STAGING_BYTES = 8 << 20;

  private final ClDevice device;
  private final Map<Key, Weight> held = new HashMap<>();

  /// The same memory read in the same way is the same weight. `TensorView` compares memory by its
  /// place, and whoever holds a weight keeps the memory.
  private record Key(TensorView view, boolean isMatrix) {}

  DeviceWeights(ClDevice device) {
    this.device = device;
  }

  /// A weight on the device; each graph that asked for it closes it.
  final class Weight implements AutoCloseable {
    private final Key key;
    private final ClBuffer quants;
    private final Optional<ClBuffer> scales;
    private int holders;

    private Weight(Key key, ClBuffer quants, Optional<ClBuffer> scales) {
      this.key = key;
      this.quants = quants;
      this.scales = scales;
    }

    ClBuffer quants() {
      return quants;
    }

    /// The scales; any buffer for plain types, whose kernels do not read it.
    ClBuffer scales() {
      return scales.orElse(quants);
    }

    long byteSize() {
      return quants.byteSize() + scales.map(ClBuffer::byteSize).orElse(0L);
    }

    @Override
    public void close() {
      synchronized (DeviceWeights.this) {
        if (--holders == 0) {
          held.remove(key);
          quants.close();
          scales.ifPresent(ClBuffer::close);
        }
      }
    }
  }

  /// F32 elements as they are: biases, norm weights, constant operands.
  synchronized Weight vector(TensorView view, String name) {
    return hold(new Key(view, false), name);
  }

  /// A matrix in the layout of its dtype.
  synchronized Weight matrix(TensorView view, String name) {
    return hold(new Key(view, true), name);
  }

  /// Some 64-bit numbers of a graph's own.
  ClBuffer numbers(long[] numbers, String name) {
    return upload(MemorySegment.ofArray(numbers), name);
  }

  /// Some 32-bit numbers of a graph's own.
  ClBuffer numbers(int[] numbers, String name) {
    return upload(MemorySegment.ofArray(numbers), name);
  }

  private Weight hold(Key key, String name) {
    Weight weight = held.get(key);
    if (weight == null) {
      weight = key.isMatrix() ? packed(key, name) : plain(key, name);
      held.put(key, weight);
    }
    weight.holders++;
    return weight;
  }

  private Weight plain(Key key, String name) {
    return new Weight(key, upload(key.view().data(), name), Optional.empty());
  }

  private ClBuffer upload(MemorySegment data, String name) {
    ClBuffer buffer = device.allocate(data.byteSize(), "weights '%s'".formatted(name));
    try (Arena arena = Arena.ofConfined()) {
      buffer.write(0, arena.allocate(Math.max(1, data.byteSize())).copyFrom(data));
      device.finish();
      return buffer;
    } catch (RuntimeException | Error e) {
      buffer.close();
      throw e;
    }
  }

  private Weight packed(Key key, String name) {
    TensorView view = key.view();
    DType dtype = view.dtype();
    WeightLayout layout =
        WeightLayout.of(dtype)
            .orElseThrow(() -> new IllegalArgumentException("no layout of " + dtype));
    long rows = view.shape().dim(0);
    String what = "weights '%s'".formatted(name);
    ClBuffer quants = device.allocate(rows * layout.quantRowBytes(view.shape().cols()), what);
    Optional<ClBuffer> scales = Optional.empty();
    try {
      int scaleRowBytes = layout.scaleRowBytes(view.shape().cols());
      if (scaleRowBytes > 0) {
        scales = Optional.of(device.allocate(rows * scaleRowBytes, what));
      }
      upload(view, layout, quants, scales);
      return new Weight(key, quants, scales);
    } catch (RuntimeException | Error e) {
      quants.close();
      scales.ifPresent(ClBuffer::close);
      throw e;
    }
  }

  private void upload(
      TensorView view, WeightLayout layout, ClBuffer quants, Optional<ClBuffer> scales) {
    int cols = view.shape().cols();
    int rowCount = view.shape().dim(0);
    int quantBytes = layout.quantRowBytes(cols);
    int scaleBytes = layout.scaleRowBytes(cols);
    int step = Math.clamp(STAGING_BYTES / quantBytes, 1, rowCount);
    var row = new byte[Math.toIntExact(view.rowBytes())];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeQuants = arena.allocate((long) step * quantBytes);
      MemorySegment nativeScales = arena.allocate(Math.max(1, (long) step * scaleBytes));
      for (int from = 0; from < rowCount; from += step) {
        int count = Math.min(step, rowCount - from);
        var packedQuants = new byte[count * quantBytes];
        var packedScales = new byte[count * scaleBytes];
        for (int i = 0; i < count; i++) {
          long at = (from + i) * view.rowBytes();
          MemorySegment.copy(view.data(), ValueLayout.JAVA_BYTE, at, row, 0, row.length);
          layout.pack(row, cols, packedQuants, i * quantBytes, packedScales, i * scaleBytes);
        }
        send(quants, (long) from * quantBytes, packedQuants, nativeQuants);
        if (scales.isPresent()) {
          send(scales.get(), (long) from * scaleBytes, packedScales, nativeScales);
        }
        device.finish();
      }
    }
  }

  private static void send(ClBuffer to, long offset, byte[] bytes, MemorySegment staging) {
    MemorySegment.copy(bytes, 0, staging, ValueLayout.JAVA_BYTE, 0, bytes.length);
    to.write(offset, staging.asSlice(0, bytes.length));
  }
}
