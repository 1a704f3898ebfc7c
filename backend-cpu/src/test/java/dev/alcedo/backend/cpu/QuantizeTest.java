// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.ModelContents;
import dev.alcedo.runtime.api.QuantizeOptions;
import dev.alcedo.runtime.api.QuantizeReport;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.GgufMutations;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestGguf;
import dev.alcedo.testkit.ToyMmproj;
import dev.alcedo.testkit.ToyText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Quantising files with the engine, and what the engine makes of the results.
class QuantizeTest {
  private static final int COLS = 512;
  private static final int ROWS = 48;

  private final Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS);

  @TempDir Path folder;

  @AfterEach
  void close() {
    alcedo.close();
  }

  /// Root mean square errors of normally distributed weights, relative to their own root mean
  /// square, with a tenth to spare. An even grid of step s has s / sqrt(12); a block of 32 normal
  /// numbers reaches about 2.1 to either side, one of 16 about 1.8.
  @ParameterizedTest
  @CsvSource({
    "F16, 3e-4",
    "BF16, 2.5e-3",
    "Q8_0, 0.0063",
    "Q4_0, 0.095",
    "Q4_1, 0.09",
    "Q5_0, 0.047",
    "Q5_1, 0.045",
    "Q4_K_S, 0.083",
    "Q5_K_S, 0.042",
    "Q6_K, 0.021"
  })
  void weightsStayClose(String type, double limit) throws IOException {
    Path in = matrix(normal(ROWS * COLS));
    Path out = folder.resolve("out.gguf");
    QuantizeReport report = quantize(options(in, out, type));
    assertEquals(1, report.convertedCount());
    Path back = folder.resolve("back.gguf");
    quantize(requantizing(out, back, "F32"));
    float[] expected = normal(ROWS * COLS);
    float[] got = values(back);
    double error = 0;
    double size = 0;
    for (int i = 0; i < got.length; i++) {
      error += (got[i] - expected[i]) * (got[i] - expected[i]);
      size += expected[i] * expected[i];
    }
    double relative = Math.sqrt(error / size);
    assertTrue(relative < limit && relative > limit / 3, type + ": " + relative);
  }

  @Test
  void extremeBlocksKeepTheirShape() throws IOException {
    var x = new float[ROWS * COLS];
    Random random = Seeds.random("extreme blocks");
    for (int i = 0; i < x.length; i++) {
      int block = i / 256;
      x[i] =
          switch (block % 6) {
            case 0 -> 0;
            case 1 -> 3;
            case 2 -> -60_000;
            case 3 -> i % 256 == 17 ? 1000 : 0;
            case 4 -> (float) (random.nextGaussian() * 1e-7);
            default -> random.nextInt(8);
          };
    }
    for (String type :
        new String[] {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"}) {
      Path out = folder.resolve(type + ".gguf");
      quantize(options(matrix(x), out, type));
      Path back = folder.resolve(type + "-back.gguf");
      quantize(requantizing(out, back, "F32"));
      float[] got = values(back);
      for (int i = 0; i < x.length; i++) {
        int block = i / 256;
        double limit =
            switch (block % 6) {
              case 0 -> 0;
              case 1 -> 0.02;
              case 2 -> 60;
              // One large element of 32 costs the others half a step of it.
              case 3 -> 35;
              case 4 -> 1e-6;
              default -> 0.5;
            };
        assertEquals(x[i], got[i], limit, "%s, element %d of block %d".formatted(type, i, block));
      }
    }
  }

  @Test
  void aModelAnswersAfterwards() {
    Path in =
        new ToyText(DType.F16, 256, 2, 4, 2, 64, 512, 256, false, 3).writeTo(folder("m.gguf"));
    Path out = folder("q.gguf");
    QuantizeReport report = quantize(options(in, out, "Q4_K_M"));
    assertEquals("Q4_K_M", report.type());
    assertTrue(report.outputBytes() < report.inputBytes() / 2, report.toString());
    Map<String, DType> dtypes = dtypes(out);
    assertEquals(DType.Q6_K, dtypes.get("output.weight"));
    assertEquals(DType.Q4_K, dtypes.get("token_embd.weight"));
    assertEquals(DType.Q4_K, dtypes.get("blk.0.attn_q.weight"));
    assertEquals(DType.Q6_K, dtypes.get("blk.1.ffn_down.weight"));
    assertEquals(DType.F32, dtypes.get("blk.0.attn_norm.weight"));
    ModelContents contents = alcedo.contents(out);
    assertEquals(15, contents.metadata().integer("general.file_type", 0, 100));
    assertEquals(2, contents.metadata().integer("general.quantization_version", 0, 100));
    assertEquals("toy-text", contents.metadata().string("general.name"));
    try (var fixture = SessionFixture.open(dev.alcedo.runtime.api.ModelOptions.of(out))) {
      var answer =
          fixture.fresh(
              SessionFixture.completion(
                  SessionFixture.ids("quantised", 20), SessionFixture.greedy(5)));
      assertEquals(5, answer.tokens().size());
    }
  }

  @Test
  void purePutsOneTypeEverywhere() {
    Path in = ToyText.small(DType.F32).writeTo(folder("m.gguf"));
    Path out = folder("q.gguf");
    quantize(
        new QuantizeOptions(
            in, out, Optional.of("Q4_0"), Optional.empty(), List.of(), true, false, false, 3));
    dtypes(out)
        .forEach((name, dtype) ->
            assertEquals(name.contains("norm") ? DType.F32 : DType.Q4_0, dtype, name));
  }

  @Test
  void rowsThatDoNotFitAreNoted() {
    Path in = ToyText.small(DType.F32).writeTo(folder("m.gguf")); // rows of 64
    Path out = folder("q.gguf");
    QuantizeReport report = quantize(options(in, out, "Q4_K"));
    assertEquals(DType.Q5_0, dtypes(out).get("blk.0.attn_q.weight"));
    assertTrue(
        report.notes().stream().anyMatch(n -> n.contains("attn_q") && n.contains("rows of 64")),
        report.notes().toString());
  }

  @Test
  void someTensorsGetTypesOfTheirOwn() {
    Path in = ToyText.small(DType.F32).writeTo(folder("m.gguf"));
    Path out = folder("q.gguf");
    quantize(with(in, out, new QuantizeOptions.TensorType("blk\\.1\\..*down", "q8_0")));
    assertEquals(DType.Q8_0, dtypes(out).get("blk.1.ffn_down.weight"));
    assertEquals(DType.Q4_0, dtypes(out).get("blk.0.ffn_down.weight"));
    refused(with(in, folder("x"), new QuantizeOptions.TensorType("down", "Q9")), "'Q9'", "Q8_0");
    refused(with(in, folder("x"), new QuantizeOptions.TensorType("do(wn", "Q8_0")), "'do(wn'");
    refused(with(in, folder("x"), new QuantizeOptions.TensorType("updown", "Q8_0")), "'updown'");
    refused(options(in, folder("x"), "Q7"), "'Q7'", "Q4_K_M");
  }

  @Test
  void thePresetKnowsItsTwoFiles() {
    Path text = ToyText.small(DType.F16).writeTo(folder("m.gguf"));
    Path mmproj = ToyMmproj.small(DType.F16).writeTo(folder("mm.gguf"));
    assertEquals("Q4_0", quantize(preset(text, folder("t.gguf"), "bluelm")).type());
    assertEquals("Q8_0", quantize(preset(mmproj, folder("v.gguf"), "bluelm")).type());
    Map<String, DType> dtypes = dtypes(folder("v.gguf"));
    assertEquals(DType.Q8_0, dtypes.get("v.blk.0.attn_q.weight"));
    assertEquals(DType.Q8_0, dtypes.get("mm.model.mlp.1.weight"));
    assertEquals(DType.F32, dtypes.get("v.blk.0.attn_q.bias"));
    assertTrue(!dtypes.get("v.position_embd.weight").isQuantised());
    refused(preset(text, folder("x"), "other"), "'bluelm'", "'other'");
  }

  @Test
  void quantisingTwiceNeedsLeave() throws IOException {
    Path in = ToyText.small(DType.Q8_0).writeTo(folder("m.gguf"));
    refused(options(in, folder("q.gguf"), "Q4_0"), "quantised already", "--allow-requantize");
    assertTrue(Files.notExists(folder("q.gguf")));
    QuantizeReport report = quantize(requantizing(in, folder("q.gguf"), "Q4_0"));
    assertTrue(report.notes().getFirst().contains("Q8_0"), report.notes().toString());
    // The same type again is a copy.
    quantize(options(in, folder("same.gguf"), "Q8_0"));
    assertEquals(dtypes(in), dtypes(folder("same.gguf")));
  }

  @Test
  void nothingIsReplacedWithoutLeave() throws IOException {
    Path in = ToyText.small(DType.F32).writeTo(folder("m.gguf"));
    Path out = Files.writeString(folder("q.gguf"), "precious");
    refused(options(in, out, "Q8_0"), "q.gguf", "--force");
    assertEquals("precious", Files.readString(out));
    quantize(forced(in, out));
    assertEquals(DType.Q8_0, dtypes(out).get("blk.0.attn_q.weight"));
    refused(forced(in, in), "the one that is read");
    refused(options(in, folder("no/such/q.gguf"), "Q8_0"), "existing folder");
  }

  @Test
  void cancellingLeavesNoFile() throws IOException {
    Path in = matrix(normal(ROWS * COLS));
    var cancellation = new Cancellation();
    assertThrows(
        CancelledException.class,
        () ->
            alcedo.quantize(
                options(in, folder("q.gguf"), "Q4_K"),
                (step, done, total) -> cancellation.cancel(),
                cancellation));
    assertEquals(List.of(in), files());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e6f})
  void numbersThatCannotBeWrittenAreNamed(float bad) throws IOException {
    float[] x = normal(ROWS * COLS);
    x[3 * COLS + 5] = bad;
    Path in = matrix(x);
    refused(options(in, folder("q.gguf"), "Q8_0"), "'w.weight', row 3, element 5", "" + bad);
    assertEquals(List.of(in), files());
  }

  @Test
  void threadsAndChunksDoNotMatter() throws IOException {
    Path in = matrix(normal(ROWS * COLS));
    quantize(options(in, folder("a.gguf"), "Q4_K"));
    for (int threads : new int[] {1, 2, 7, 64}) {
      Path out = folder("b%d.gguf".formatted(threads));
      quantize(
          new QuantizeOptions(
              in,
              out,
              Optional.of("Q4_K"),
              Optional.empty(),
              List.of(),
              false,
              false,
              false,
              threads));
      assertArrayEquals(Files.readAllBytes(folder("a.gguf")), Files.readAllBytes(out));
    }
  }

  @Test
  void progressEndsWithAllBytes() throws IOException {
    Path in = matrix(normal(ROWS * COLS));
    var last = new long[2];
    Progress progress =
        (step, done, total) -> {
          assertEquals("quantize", step);
          assertTrue(done >= last[0] && done <= total);
          last[0] = done;
          last[1] = total;
        };
    alcedo.quantize(options(in, folder("q.gguf"), "Q8_0"), progress, new Cancellation());
    assertEquals(4L * ROWS * COLS, last[0]);
    assertEquals(last[1], last[0]);
  }

  @Test
  void partsBecomeOneFile() {
    var first = new TestGguf().string("general.architecture", "llama");
    split(first, 0).tensor("a.weight", DType.F32, new float[128], 2, 64);
    first.write().writeTo(folder("m-00001-of-00002.gguf"));
    split(new TestGguf(), 1)
        .tensor("b.weight", DType.F32, new float[128], 2, 64)
        .write()
        .writeTo(folder("m-00002-of-00002.gguf"));
    quantize(options(folder("m-00001-of-00002.gguf"), folder("q.gguf"), "Q8_0"));
    assertEquals(Map.of("a.weight", DType.Q8_0, "b.weight", DType.Q8_0), dtypes(folder("q.gguf")));
    assertTrue(!alcedo.contents(folder("q.gguf")).metadata().has("split.count"));
  }

  private static TestGguf split(TestGguf gguf, int number) {
    return gguf.u32("split.no", number).u32("split.count", 2).u32("split.tensors.count", 2);
  }

  @Test
  void brokenInputGivesOnlyOurExceptions() throws IOException {
    TestGguf.Written good = ToyText.small(DType.Q8_0).gguf().write();
    Random random = Seeds.random("quantise broken");
    int header = good.field("data:token_embd.weight").offset();
    Path in = folder("broken.gguf");
    GgufMutations.flips(good, header, random, 150, m -> tryBroken(in, m.bytes()));
    GgufMutations.truncations(good, random, 20, m -> tryBroken(in, m.bytes()));
    assertEquals(List.of(in), files());
  }

  private void tryBroken(Path in, byte[] bytes) {
    Path out = folder("out-of-broken.gguf");
    try {
      Files.write(in, bytes);
      quantize(requantizing(in, out, "Q4_0"));
    } catch (VlmException e) {
      assertTrue(Files.notExists(out), e.getMessage());
    } catch (IOException | RuntimeException | Error e) {
      fail(Seeds.hint(), e);
    }
    try {
      Files.deleteIfExists(out);
    } catch (IOException e) {
      fail(e);
    }
  }

  private void refused(QuantizeOptions options, String... words) {
    VlmException e = assertThrows(VlmException.class, () -> quantize(options));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), word + " in: " + e.getMessage());
    }
  }

  private QuantizeReport quantize(QuantizeOptions options) {
    return alcedo.quantize(options, Progress.NONE, new Cancellation());
  }

  private Map<String, DType> dtypes(Path file) {
    return alcedo.contents(file).tensors().stream()
        .collect(Collectors.toMap(ModelContents.Tensor::name, ModelContents.Tensor::dtype));
  }

  private Path folder(String name) {
    return folder.resolve(name);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static float[] normal(int count) {
    Random random = new Random(11);
    var x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /// A file of one matrix, the values in its last bytes.
  private Path matrix(float[] x) {
    return new TestGguf()
        .string("general.architecture", "llama")
        .tensor("w.weight", DType.F32, x, ROWS, COLS)
        .write()
        .writeTo(folder("matrix.gguf"));
  }

  private float[] values(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int size = 4 * ROWS * COLS;
    var x = new float[ROWS * COLS];
    ByteBuffer.wrap(bytes, bytes.length - size, size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(x);
    return x;
  }

  private static QuantizeOptions options(Path in, Path out, String type) {
    return QuantizeOptions.of(in, out, type);
  }

  private static QuantizeOptions requantizing(Path in, Path out, String type) {
    return new QuantizeOptions(
        in, out, Optional.of(type), Optional.empty(), List.of(), false, true, false, 0);
  }

  private static QuantizeOptions forced(Path in, Path out) {
    return new QuantizeOptions(
        in, out, Optional.of("Q8_0"), Optional.empty(), List.of(), false, false, true, 0);
  }

  private static QuantizeOptions preset(Path in, Path out, String name) {
    return new QuantizeOptions(
        in, out, Optional.empty(), Optional.of(name), List.of(), false, false, false, 0);
  }

  private static QuantizeOptions with(Path in, Path out, QuantizeOptions.TensorType rule) {
    return new QuantizeOptions(
        in, out, Optional.of("Q4_0"), Optional.empty(), List.of(rule), false, false, false, 0);
  }
}
