// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The weights on a device, uploaded once, however many graphs read them: a tied embedding table
/// and output matrix are one. Any thread.
final class DeviceWeights {
  private final WeightUploads uploads;
  private final Map<Key, Weight> held = new HashMap<>();

  /// The same memory read in the same way is the same weight. `TensorView` compares memory by its
  /// place, and whoever holds a weight keeps the memory.
  private record Key(TensorView view, boolean isMatrix) {}

  DeviceWeights(Target target) {
    this.uploads = new WeightUploads(target);
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
    return uploads.plain(MemorySegment.ofArray(numbers), what(name));
  }

  /// Some 32-bit numbers of a graph's own.
  ClBuffer numbers(int[] numbers, String name) {
    return uploads.plain(MemorySegment.ofArray(numbers), what(name));
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
    return new Weight(key, uploads.plain(key.view().data(), what(name)), Optional.empty());
  }

  private Weight packed(Key key, String name) {
    TensorView view = key.view();
    WeightLayout layout =
        WeightLayout.of(view.dtype())
            .orElseThrow(() -> new IllegalArgumentException("no layout of " + view.dtype()));
    Optional<ClBuffer> inPlace = uploads.inPlace(view, layout, what(name));
    if (inPlace.isPresent()) {
      return new Weight(key, inPlace.get(), Optional.empty());
    }
    long rows = view.shape().dim(0);
    ClBuffer quants =
        uploads.allocate(rows * layout.quantRowBytes(view.shape().cols()), what(name));
    Optional<ClBuffer> scales = Optional.empty();
    try {
      int scaleRowBytes = layout.scaleRowBytes(view.shape().cols());
      if (scaleRowBytes > 0) {
        scales = Optional.of(uploads.allocate(rows * scaleRowBytes, what(name)));
      }
      uploads.packed(view, layout, quants, scales);
      return new Weight(key, quants, scales);
    } catch (RuntimeException | Error e) {
      quants.close();
      scales.ifPresent(ClBuffer::close);
      throw e;
    }
  }

  private static String what(String name) {
    return "weights '%s'".formatted(name);
  }
}
