// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.QuantizeOptions;
import dev.alcedo.runtime.api.QuantizeReport;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Writes a model file again with other element types. Tensors are read by a backend, encoded by
/// several threads and written one chunk of rows after the other, so that memory does not grow with
/// the model. Used once, by one thread.
public final class Quantiser {
  /// Keys that are not the new file's: it is one file, and has this writer's alignment.
  private static final Set<String> DROPPED =
      Set.of("general.alignment", "split.no", "split.count", "split.tensors.count");

  private static final String FILE_TYPE = "general.file_type";
  private static final String VERSION = "general.quantization_version";
  private static final int QUANTIZATION_VERSION = 2; // GGML_QNT_VERSION
  private static final int NAME_BYTES_MAX = 63;

  private final Backend reader;
  private final QuantizeOptions options;
  private final Progress progress;
  private final Cancellation cancellation;
  private long doneBytes;
  private long totalBytes;

  /// @param reader a backend that reads every type (Op.Embedding)
  public Quantiser(
      Backend reader, QuantizeOptions options, Progress progress, Cancellation cancellation) {
    this.reader = reader;
    this.options = options;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /// Reads, encodes and writes. Progress is reported as `quantize`, in bytes read.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException naming file, tensor or option; the output is then
  ///   as it was
  public QuantizeReport run() {
    try (GgufFile file = GgufFile.open(options.input())) {
      requireOutput(file);
      TypePlan plan = TypePlan.of(file, options);
      write(file, plan);
      return report(file, plan);
    }
  }

  private void requireOutput(GgufFile file) {
    Path output = options.output();
    if (!Files.exists(output)) {
      return;
    }
    try {
      for (Path part : file.parts()) {
        if (Files.isSameFile(part, output)) {
          throw new InvalidRequestException(
              "%s: cannot write the file: it is the one that is read; give another name"
                  .formatted(output));
        }
      }
    } catch (IOException e) {
      throw new InvalidRequestException(
          "%s: cannot look at the file: %s".formatted(output, e.getMessage()), e);
    }
    if (!options.isOverwriting()) {
      throw new InvalidRequestException(
          "%s: cannot write the file: there is one already; give another name, or say that it may be replaced (--force)"
              .formatted(output));
    }
  }

  private void write(GgufFile file, TypePlan plan) {
    var writer = new GgufWriter();
    file.pairs()
        .forEach((key, pair) -> {
          if (!DROPPED.contains(key) && !key.equals(FILE_TYPE) && !key.equals(VERSION)) {
            writer.pair(key, pair);
          }
        });
    writer.u32(VERSION, QUANTIZATION_VERSION).u32(FILE_TYPE, plan.mix().fileType());
    totalBytes = file.tensors().values().stream().mapToLong(TensorView::byteSize).sum();
    progress.report("quantize", 0, totalBytes);
    try (var encoders = new TensorEncoder(reader, options.threadCount(), cancellation)) {
      file.tensors()
          .forEach((name, view) -> {
            requireName(file, name);
            DType dtype = plan.dtypes().get(name);
            if (dtype == view.dtype()) {
              writer.tensor(name, dtype, view.shape(), out -> copy(view, out));
            } else {
              String place = "%s: tensor '%s'".formatted(file.metadata().source(), name);
              writer.tensor(
                  name,
                  dtype,
                  view.shape(),
                  out -> encoders.encode(place, view, dtype, out, this::advance));
            }
          });
      writer.write(options.output());
    }
  }

  /// In pieces, so that a cancellation does not wait for a large tensor.
  private void copy(TensorView view, GgufWriter.Pieces out) throws IOException {
    long pieceBytes = 1 << 22;
    for (long at = 0; at < view.byteSize(); at += pieceBytes) {
      cancellation.check();
      long bytes = Math.min(pieceBytes, view.byteSize() - at);
      out.put(view.data().asSlice(at, bytes));
      advance(bytes);
    }
  }

  private void advance(long bytes) {
    doneBytes += bytes;
    progress.report("quantize", doneBytes, totalBytes);
  }

  private static void requireName(GgufFile file, String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > NAME_BYTES_MAX) {
      throw new UnsupportedModelException(
          "%s: tensor '%s': expected a name of at most %d bytes, which is what others can read, got %d"
              .formatted(file.metadata().source(), name, NAME_BYTES_MAX, bytes));
    }
  }

  private QuantizeReport report(GgufFile file, TypePlan plan) {
    Map<String, Long> dtypeBytes = new TreeMap<>();
    int convertedCount = 0;
    for (var entry : file.tensors().entrySet()) {
      DType dtype = plan.dtypes().get(entry.getKey());
      convertedCount += dtype == entry.getValue().dtype() ? 0 : 1;
      dtypeBytes.merge(
          dtype.name(), dtype.bytes(entry.getValue().shape().elementCount()), Long::sum);
    }
    return new QuantizeReport(
        plan.mix().name(),
        file.fileBytes(),
        options.output().toFile().length(),
        file.tensors().size(),
        convertedCount,
        dtypeBytes,
        plan.notes());
  }
}
