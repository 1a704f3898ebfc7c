// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Writes a GGUF v3 file: first collect pairs and tensors, then [#write]. Tensor data is asked for
/// one tensor at a time while it is written, so a file may be larger than memory. Not thread-safe.
public final class GgufWriter {
  private static final int NAME_BYTES_MAX = 63; // GGML_MAX_NAME with its NUL
  private static final int ALIGNMENT = GgufLimits.ALIGNMENT_DEFAULT;

  private final List<Pair> pairs = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  /// An empty file; every method below adds to it.
  public GgufWriter() {}

  private record Pair(String key, Body typeAndValue) {}

  private record Tensor(String name, DType dtype, Shape shape, Data data) {
    long bytes() {
      return dtype.bytes(shape.elementCount());
    }
  }

  /// Gives the data of a tensor piece by piece.
  @FunctionalInterface
  public interface Data {
    /// Puts all of it, called once per [#write].
    ///
    /// @throws IOException what `out` threw
    void writeTo(Pieces out) throws IOException;
  }

  /// Takes the data of a tensor, one piece after the other.
  @FunctionalInterface
  public interface Pieces {
    /// Takes all bytes of `piece`, whose memory is free again afterwards.
    ///
    /// @throws IOException if it cannot be written
    void put(MemorySegment piece) throws IOException;
  }

  @FunctionalInterface
  private interface Body {
    void writeTo(GgufSink out) throws IOException;
  }

  /// A uint32.
  ///
  /// @throws IllegalArgumentException as all of these if the key is there, empty or too long; here
  ///   also if the value does not fit
  public GgufWriter u32(String key, long value) {
    if (value != (value & 0xFFFF_FFFFL)) {
      throw new IllegalArgumentException(
          "%s: expected a 32-bit unsigned integer, got %d".formatted(key, value));
    }
    return put(key, GgufType.UINT32, out -> out.u32(value));
  }

  /// A float32.
  public GgufWriter f32(String key, float value) {
    return put(key, GgufType.FLOAT32, out -> out.f32(value));
  }

  /// A bool.
  public GgufWriter bool(String key, boolean value) {
    return put(key, GgufType.BOOL, out -> out.u8(value ? 1 : 0));
  }

  /// A string.
  public GgufWriter string(String key, String value) {
    return put(key, GgufType.STRING, out -> out.string(value));
  }

  /// A pair of another file, see [GgufFile#pairs()]; its memory stays readable until [#write]
  /// returns.
  public GgufWriter pair(String key, MemorySegment typeAndValue) {
    return put(key, out -> out.segment(typeAndValue));
  }

  /// An array of strings.
  public GgufWriter strings(String key, List<String> values) {
    List<String> copy = List.copyOf(values);
    return array(
        key,
        GgufType.STRING,
        copy.size(),
        out -> {
          for (String value : copy) {
            out.string(value);
          }
        });
  }

  /// An array of int32.
  public GgufWriter i32s(String key, int... values) {
    return integers(key, GgufType.INT32, values.clone());
  }

  /// An array of uint32; negative values stand for those from 2^31.
  public GgufWriter u32s(String key, int... values) {
    return integers(key, GgufType.UINT32, values.clone());
  }

  /// An array of float32.
  public GgufWriter f32s(String key, float... values) {
    float[] copy = values.clone();
    return array(
        key,
        GgufType.FLOAT32,
        copy.length,
        out -> {
          for (float value : copy) {
            out.f32(value);
          }
        });
  }

  /// A tensor whose memory stays readable until [#write] returns.
  public GgufWriter tensor(String name, TensorView view) {
    return tensor(name, view.dtype(), view.shape(), view::data);
  }

  /// A tensor whose data is made when its turn comes; `data` is asked once per [#write].
  ///
  /// @throws IllegalArgumentException if the name is there, empty or too long, or the shape is not
  ///   one that ggml can hold
  public GgufWriter tensor(String name, DType dtype, Shape shape, Supplier<MemorySegment> data) {
    return tensor(name, dtype, shape, (Data) out -> out.put(data.get()));
  }

  /// A tensor whose data comes in pieces when its turn comes.
  ///
  /// @throws IllegalArgumentException as above
  public GgufWriter tensor(String name, DType dtype, Shape shape, Data data) {
    requireText(name, "tensor name", NAME_BYTES_MAX);
    if (shape.rank() > GgufLimits.RANK_MAX || shape.cols() % dtype.blockLength() != 0) {
      throw new IllegalArgumentException(
          "tensor %s: expected at most %d dimensions and rows of whole %s blocks, got %s"
              .formatted(name, GgufLimits.RANK_MAX, dtype, shape));
    }
    requireNew(names, name, "tensor");
    tensors.add(new Tensor(name, dtype, shape, data));
    return this;
  }

  /// Bytes of all tensors.
  ///
  /// @throws ArithmeticException if they exceed 2^63 - 1
  public long tensorBytes() {
    return tensors.stream().mapToLong(Tensor::bytes).reduce(0, Math::addExact);
  }

  /// Writes everything into a new file beside `target` and then renames it to `target`, replacing
  /// what was there. On any failure the new file is removed and `target` stays as it was.
  ///
  /// @throws ResourceExhaustedException if the tensors do not fit on the disk
  /// @throws InvalidRequestException if the file cannot be written there
  /// @throws IllegalStateException if a tensor's data is not of the size that its shape calls for
  public void write(Path target) {
    AtomicFile.write(target, tensorBytes(), channel -> writeTo(new GgufSink(channel)));
  }

  private void writeTo(GgufSink out) throws IOException {
    out.u32(GgufHeader.MAGIC);
    out.u32(GgufHeader.VERSION_MAX);
    out.u64(tensors.size());
    out.u64(pairs.size());
    for (Pair pair : pairs) {
      out.string(pair.key);
      pair.typeAndValue.writeTo(out);
    }
    long offset = 0;
    for (Tensor tensor : tensors) {
      writeEntry(tensor, offset, out);
      offset = Math.addExact(offset, Math.ceilDiv(tensor.bytes(), ALIGNMENT) * ALIGNMENT);
    }
    for (Tensor tensor : tensors) {
      out.alignTo(ALIGNMENT);
      long start = out.position();
      tensor.data.writeTo(out::segment);
      if (out.position() - start != tensor.bytes()) {
        throw new IllegalStateException(
            "data of tensor %s: expected %d bytes, got %d"
                .formatted(tensor.name, tensor.bytes(), out.position() - start));
      }
    }
    out.alignTo(ALIGNMENT);
    out.flush();
  }

  private static void writeEntry(Tensor tensor, long offset, GgufSink out) throws IOException {
    out.string(tensor.name);
    int rank = tensor.shape.rank();
    out.u32(rank);
    // ggml lists the innermost dimension first.
    for (int axis = rank - 1; axis >= 0; axis--) {
      out.u64(tensor.shape.dim(axis));
    }
    out.u32(tensor.dtype.ggmlId());
    out.u64(offset);
  }

  private GgufWriter integers(String key, GgufType type, int[] values) {
    return array(
        key,
        type,
        values.length,
        out -> {
          for (int value : values) {
            out.u32(value);
          }
        });
  }

  private GgufWriter array(String key, GgufType type, int length, Body elements) {
    return put(
        key,
        GgufType.ARRAY,
        out -> {
          out.u32(type.id());
          out.u64(length);
          elements.writeTo(out);
        });
  }

  private GgufWriter put(String key, GgufType type, Body value) {
    return put(
        key,
        out -> {
          out.u32(type.id());
          value.writeTo(out);
        });
  }

  private GgufWriter put(String key, Body typeAndValue) {
    requireText(key, "metadata key", GgufLimits.KEY_BYTES_MAX);
    if (key.equals(GgufMetadataReader.ALIGNMENT_KEY)) {
      throw new IllegalArgumentException(key + ": this writer always aligns to " + ALIGNMENT);
    }
    requireNew(keys, key, "metadata key");
    pairs.add(new Pair(key, typeAndValue));
    return this;
  }

  private static void requireText(String text, String what, int bytesMax) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > bytesMax || !Utf8.isValid(text)) {
      throw new IllegalArgumentException(
          "%s %s: expected 1 to %d bytes of UTF-8".formatted(what, Quoted.of(text), bytesMax));
    }
  }

  private static void requireNew(Set<String> known, String text, String what) {
    if (!known.add(text)) {
      throw new IllegalArgumentException("%s %s twice".formatted(what, Quoted.of(text)));
    }
  }
}
