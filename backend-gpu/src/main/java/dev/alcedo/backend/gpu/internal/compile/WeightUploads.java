// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings weights to a device: packed piece by piece; by mapping where memory is shared; and not at
/// all where they lie in the model's file as kernels read them.
final class WeightUploads {
  private static final Logger LOG = LoggerFactory.getLogger(WeightUploads.class);
  private static final int PIECE_BYTES = 8 << 20;

  /// The longest read of a kernel, eight floats.
  private static final long ALIGNMENT = 32;

  private final Target target;

  WeightUploads(Target target) {
    this.target = target;
  }

  ClBuffer allocate(long byteSize, String what) {
    return target.allocate(byteSize, what);
  }

  /// A buffer with `data` as it is.
  ClBuffer plain(MemorySegment data, String what) {
    ClBuffer buffer = target.allocate(data.byteSize(), what);
    try (Arena arena = Arena.ofConfined()) {
      send(buffer, 0, data, arena);
      target.device().finish();
      return buffer;
    } catch (RuntimeException | Error e) {
      buffer.close();
      throw e;
    }
  }

  /// The model's file itself: a plain type in whole groups, where memory is shared and the file's
  /// alignment allows. Empty also where a driver refuses memory that cannot be written to.
  Optional<ClBuffer> inPlace(TensorView view, WeightLayout layout, String what) {
    int cols = view.shape().cols();
    MemorySegment data = view.data();
    boolean isAsRead =
        layout.scaleRowBytes(cols) == 0 && layout.quantRowBytes(cols) == view.rowBytes();
    if (!target.features().isMemoryShared()
        || !isAsRead
        || !data.isNative()
        || data.address() % ALIGNMENT != 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(target.device().wrap(data, what));
    } catch (VlmException e) {
      LOG.debug("{} are copied: {}", what, e.getMessage());
      return Optional.empty();
    }
  }

  /// Packs a matrix.
  void packed(TensorView view, WeightLayout layout, ClBuffer quants, Optional<ClBuffer> scales) {
    int cols = view.shape().cols();
    int rowCount = view.shape().dim(0);
    int quantBytes = layout.quantRowBytes(cols);
    int scaleBytes = layout.scaleRowBytes(cols);
    int step = Math.clamp(PIECE_BYTES / quantBytes, 1, rowCount);
    var row = new byte[Math.toIntExact(view.rowBytes())];
    for (int from = 0; from < rowCount; from += step) {
      int count = Math.min(step, rowCount - from);
      var packedQuants = new byte[count * quantBytes];
      var packedScales = new byte[count * scaleBytes];
      for (int i = 0; i < count; i++) {
        long at = (from + i) * view.rowBytes();
        MemorySegment.copy(view.data(), ValueLayout.JAVA_BYTE, at, row, 0, row.length);
        layout.pack(row, cols, packedQuants, i * quantBytes, packedScales, i * scaleBytes);
      }
      try (Arena arena = Arena.ofConfined()) {
        send(quants, (long) from * quantBytes, MemorySegment.ofArray(packedQuants), arena);
        if (scales.isPresent()) {
          send(scales.get(), (long) from * scaleBytes, MemorySegment.ofArray(packedScales), arena);
        }
        target.device().finish();
      }
    }
  }

  /// @param arena whose memory a transfer may need until the device has finished
  private void send(ClBuffer to, long offset, MemorySegment bytes, Arena arena) {
    if (target.isMapped(bytes.byteSize())) {
      to.fill(offset, (int) bytes.byteSize(), memory -> memory.copyFrom(bytes));
    } else {
      to.write(offset, arena.allocate(Math.max(1, bytes.byteSize())).copyFrom(bytes));
    }
  }
}
