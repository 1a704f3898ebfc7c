// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.launcher.process.Cli.Result;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.ToyMmproj;
import dev.alcedo.testkit.ToyText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is wrong with the input: one clear line, the right exit status, no stack trace, nothing
/// on standard output.
class BadInputIT {
  private static final int INVALID = 3;
  private static final int MODEL = 4;
  private static final int BACKEND = 5;
  private static final int RESOURCES = 6;

  @TempDir static Path files;

  @TempDir Path folder;

  /// @param words what the line must say
  record Case(String name, int status, String words, List<String> args) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void writeFiles() throws Exception {
    byte[] text = ToyText.small(DType.F32).gguf().write().bytes();
    byte[] mmproj = ToyMmproj.small(DType.F32).gguf().write().bytes();
    write("text.gguf", text);
    write("mmproj.gguf", mmproj);
    write("truncated.gguf", Arrays.copyOf(text, text.length / 2));
    write("empty.gguf", new byte[0]);
    byte[] flipped = text.clone();
    flipped[0] ^= 1;
    write("flipped.gguf", flipped);
    byte[] hostile = text.clone();
    Arrays.fill(hostile, 8, 16, (byte) 0x7f); // the tensor count
    write("hostile.gguf", hostile);
    write("mamba.gguf", replaced(text, "llama", "mamba"));
    write("mystery.gguf", replaced(mmproj, "bluelmv", "mystery"));
    var wide = new ToyMmproj(DType.F32, 96, 32, 8, 32, 2, 2, 64, 3, 3, 1).gguf().write().bytes();
    write("wide.gguf", wide);
    write("zero.png", new byte[0]);
    write("noise.png", "this is no picture".getBytes(StandardCharsets.UTF_8));
    byte[] broken = TestPng.of(100, 100);
    write("broken.png", Arrays.copyOf(broken, broken.length - 40));
    write("huge.png", TestPng.promising(20_000, 20_000));
    write("grey.png", TestPng.of(64, 64));
  }

  static Stream<Case> cases() {
    return Stream.of(
        model("a model that is not there", INVALID, "no.gguf", "no.gguf"),
        model("an empty model", MODEL, "empty.gguf", "empty.gguf"),
        model("a truncated model", MODEL, "truncated.gguf", "truncated.gguf"),
        model("a flipped magic", MODEL, "flipped.gguf", "flipped.gguf"),
        model("a hostile count", MODEL, "hostile.gguf", "hostile.gguf"),
        model("an unknown architecture", MODEL, "mamba", "mamba.gguf"),
        model("an mmproj file as model", MODEL, "mmproj.gguf", "mmproj.gguf"),
        vision("a text model as mmproj", MODEL, "text.gguf", "text.gguf", "grey.png"),
        vision("an unknown projector", MODEL, "mystery", "mystery.gguf", "grey.png"),
        vision("embedding lengths that differ", MODEL, "96", "wide.gguf", "grey.png"),
        vision("a picture that is not there", INVALID, "no.png", "mmproj.gguf", "no.png"),
        vision("an empty picture", INVALID, "picture", "mmproj.gguf", "zero.png"),
        vision("no picture at all", INVALID, "picture", "mmproj.gguf", "noise.png"),
        vision("a broken picture", INVALID, "picture", "mmproj.gguf", "broken.png"),
        vision("a huge picture", INVALID, "20000", "mmproj.gguf", "huge.png"),
        new Case(
            "a picture without mmproj",
            INVALID,
            "--mmproj",
            List.of("run", "--model", "text.gguf", "--image", "grey.png", "hi")),
        new Case(
            "a prompt that overflows",
            RESOURCES,
            "context",
            List.of("complete", "--model", "text.gguf", "-c", "8", "-p", "a b c d e f g h i j")),
        new Case(
            "no room for the KV cache",
            RESOURCES,
            "",
            List.of("run", "--model", "text.gguf", "-c", "2000000000", "hi")),
        new Case(
            "a backend that is not here",
            BACKEND,
            "gpu",
            List.of("run", "--model", "text.gguf", "--backend", "gpu", "hi")),
        new Case(
            "a token id out of range",
            INVALID,
            "999999",
            List.of("complete", "--model", "text.gguf", "--prompt-tokens", "999999")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itIsOneClearLine(Case wrong) throws Exception {
    List<String> args =
        wrong.args().stream()
            .map(a -> a.endsWith(".gguf") || a.endsWith(".png") ? files.resolve(a).toString() : a)
            .toList();
    Result result = new Cli(folder).run(args.toArray(String[]::new));
    String what = "status %d, %s".formatted(result.status(), result.err());
    assertEquals(wrong.status(), result.status(), what);
    assertEquals(1, result.err().lines().count(), what);
    assertTrue(result.err().startsWith("alcedo: "), what);
    assertTrue(result.err().contains(wrong.words()), what);
    assertFalse(result.err().contains("Exception"), what);
    assertEquals("", result.out());
  }

  private static Case model(String name, int status, String words, String file) {
    return new Case(name, status, words, List.of("run", "--model", file, "hi"));
  }

  private static Case vision(String name, int status, String words, String mmproj, String picture) {
    return new Case(
        name,
        status,
        words,
        List.of("run", "--model", "text.gguf", "--mmproj", mmproj, "--image", picture, "hi"));
  }

  private static void write(String name, byte[] bytes) throws Exception {
    Files.write(files.resolve(name), bytes);
  }

  // Every spelling, keys included; both words are of one length, so that offsets stay true.
  private static byte[] replaced(byte[] file, String from, String to) {
    String bytes = new String(file, StandardCharsets.ISO_8859_1);
    return bytes.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }
}
