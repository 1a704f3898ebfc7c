// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.alcedo.runtime.api.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Builds small GGUF v3 files in memory for tests, on purpose without the production writer, and
/// remembers where each field lies so that tests can break one. Checks nothing: a test may ask for
/// nonsense.
public final class TestGguf {
  /// GGUF's numbers of metadata value types.
  public static final int UINT8 = 0,
      INT8 = 1,
      UINT16 = 2,
      INT16 = 3,
      UINT32 = 4,
      INT32 = 5,
      FLOAT32 = 6,
      BOOL = 7,
      STRING = 8,
      ARRAY = 9,
      UINT64 = 10,
      INT64 = 11,
      FLOAT64 = 12;

  private record Pair(String key, int type, byte[] value) {}

  private record Tensor(String name, int dtype, long[] dims, byte[] data) {}

  /// A field of the file: `name` is `version`, `tensorCount`, `keyCount`, `key:K`, `type:K`,
  /// `value:K`, `elementType:K`, `length:K`, `name:T`, `rank:T`, `dim0:T` (innermost first),
  /// `dtype:T`, `offset:T`, `data:T` or `end`, for key K and tensor T.
  ///
  /// @param name which field
  /// @param offset its first byte
  /// @param width 4 or 8 for a number of so many bytes, 0 for anything else
  public record Field(String name, int offset, int width) {}

  /// A file in memory.
  ///
  /// @param bytes the whole file
  /// @param fields its fields, in file order
  public record Written(byte[] bytes, List<Field> fields) {
    /// The field of this name.
    public Field field(String name) {
      return fields.stream()
          .filter(field -> field.name.equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no field " + name));
    }

    /// The file with another number in one field; the same bits for signed and unsigned.
    public byte[] with(String name, long value) {
      Field field = field(name);
      byte[] copy = bytes.clone();
      var buffer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
      switch (field.width) {
        case 4 -> buffer.putInt(field.offset, (int) value);
        case 8 -> buffer.putLong(field.offset, value);
        default -> throw new IllegalArgumentException(name + " is no number");
      }
      return copy;
    }

    /// Writes the file to `path` and returns `path`.
    public Path writeTo(Path path) {
      try {
        return Files.write(path, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final List<Pair> pairs = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private int alignment = 32;

  /// An empty file; every method below adds to it.
  public TestGguf() {}

  /// A pair with an already encoded value.
  public TestGguf raw(String key, int type, byte[] value) {
    pairs.add(new Pair(key, type, value));
    return this;
  }

  /// A uint32.
  public TestGguf u32(String key, long value) {
    return raw(key, UINT32, new Bytes().u32(value).done());
  }

  /// A float32.
  public TestGguf f32(String key, float value) {
    return raw(key, FLOAT32, new Bytes().u32(Float.floatToRawIntBits(value)).done());
  }

  /// A bool.
  public TestGguf bool(String key, boolean value) {
    return raw(key, BOOL, new byte[] {(byte) (value ? 1 : 0)});
  }

  /// A string.
  public TestGguf string(String key, String value) {
    return raw(key, STRING, new Bytes().string(value.getBytes(UTF_8)).done());
  }

  /// An array of already encoded elements.
  public TestGguf array(String key, int type, long length, byte[] elements) {
    return raw(key, ARRAY, new Bytes().u32(type).u64(length).raw(elements).done());
  }

  /// An array of strings.
  public TestGguf strings(String key, List<String> values) {
    var elements = new Bytes();
    values.forEach(value -> elements.string(value.getBytes(UTF_8)));
    return array(key, STRING, values.size(), elements.done());
  }

  /// An array of uint32.
  public TestGguf u32s(String key, int... values) {
    return ints(key, UINT32, values);
  }

  /// An array of int32.
  public TestGguf i32s(String key, int... values) {
    return ints(key, INT32, values);
  }

  /// An array of float32.
  public TestGguf f32s(String key, float... values) {
    var elements = new Bytes();
    for (float value : values) {
      elements.u32(Float.floatToRawIntBits(value));
    }
    return array(key, FLOAT32, values.length, elements.done());
  }

  /// Aligns tensor data to `bytes` and says so in the metadata.
  public TestGguf alignment(int bytes) {
    alignment = bytes;
    return u32("general.alignment", bytes);
  }

  /// A tensor of `values`, encoded as `dtype`; dimensions outermost first.
  public TestGguf tensor(String name, DType dtype, float[] values, int... dims) {
    return tensor(name, dtype, Quants.encode(dtype, values), dims);
  }

  /// A tensor with already encoded data; dimensions outermost first.
  public TestGguf tensor(String name, DType dtype, byte[] data, int... dims) {
    var innermostFirst = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      innermostFirst[i] = dims[dims.length - 1 - i];
    }
    tensors.add(new Tensor(name, dtype.ggmlId(), innermostFirst, data));
    return this;
  }

  /// The file as it stands.
  public Written write() {
    var out = new Bytes();
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("magic", 0, 4));
    out.raw("GGUF".getBytes(UTF_8));
    fields.add(new Field("version", out.size(), 4));
    out.u32(3);
    fields.add(new Field("tensorCount", out.size(), 8));
    out.u64(tensors.size());
    fields.add(new Field("keyCount", out.size(), 8));
    out.u64(pairs.size());
    pairs.forEach(pair -> write(pair, out, fields));
    long offset = 0;
    for (Tensor tensor : tensors) {
      write(tensor, offset, out, fields);
      offset += tensor.data.length + padding(tensor.data.length);
    }
    out.zeros(tensors.isEmpty() ? 0 : padding(out.size()));
    for (Tensor tensor : tensors) {
      fields.add(new Field("data:" + tensor.name, out.size(), 0));
      out.raw(tensor.data).zeros(padding(tensor.data.length));
    }
    fields.add(new Field("end", out.size(), 0));
    return new Written(out.done(), List.copyOf(fields));
  }

  private TestGguf ints(String key, int type, int... values) {
    var elements = new Bytes();
    for (int value : values) {
      elements.u32(value);
    }
    return array(key, type, values.length, elements.done());
  }

  private static void write(Pair pair, Bytes out, List<Field> fields) {
    fields.add(new Field("key:" + pair.key, out.size(), 8));
    out.string(pair.key.getBytes(UTF_8));
    fields.add(new Field("type:" + pair.key, out.size(), 4));
    out.u32(pair.type);
    int at = out.size();
    if (pair.type == ARRAY) {
      fields.add(new Field("elementType:" + pair.key, at, 4));
      fields.add(new Field("length:" + pair.key, at + 4, 8));
      fields.add(new Field("value:" + pair.key, at + 12, 0));
    } else {
      int width = pair.type == STRING ? 8 : Math.max(4, pair.value.length) / 4 * 4;
      fields.add(new Field("value:" + pair.key, at, pair.value.length < 4 ? 0 : width));
    }
    out.raw(pair.value);
  }

  private static void write(Tensor tensor, long offset, Bytes out, List<Field> fields) {
    fields.add(new Field("name:" + tensor.name, out.size(), 8));
    out.string(tensor.name.getBytes(UTF_8));
    fields.add(new Field("rank:" + tensor.name, out.size(), 4));
    out.u32(tensor.dims.length);
    for (int i = 0; i < tensor.dims.length; i++) {
      fields.add(new Field("dim%d:%s".formatted(i, tensor.name), out.size(), 8));
      out.u64(tensor.dims[i]);
    }
    fields.add(new Field("dtype:" + tensor.name, out.size(), 4));
    out.u32(tensor.dtype);
    fields.add(new Field("offset:" + tensor.name, out.size(), 8));
    out.u64(offset);
  }

  private int padding(long size) {
    return (int) ((alignment - size % alignment) % alignment);
  }

  /// Little-endian bytes, growing.
  static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes u32(long value) {
      return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
    }

    Bytes u64(long value) {
      return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    Bytes string(byte[] text) {
      return u64(text.length).raw(text);
    }

    Bytes raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    Bytes zeros(int count) {
      return raw(new byte[count]);
    }

    int size() {
      return out.size();
    }

    byte[] done() {
      return out.toByteArray();
    }
  }
}
