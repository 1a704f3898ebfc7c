// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.launcher.process.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `synth` writes models of tiny shapes, `complete` and `bench` run them.
class BenchIT {
  private static final String SHAPE =
      "contextLength=256,embeddingLength=64,blockCount=2,feedForwardLength=128,headCount=4,"
          + "headCountKv=2,headLength=16,vocabSize=1024";
  private static final String TOWER =
      "imageSize=32,patchSize=8,embeddingLength=32,blockCount=2,feedForwardLength=64,headCount=2";

  @TempDir static Path models;
  @TempDir static Path outputs;

  private static String text;
  private static String mmproj;

  @TempDir Path folder;

  private Cli cli;

  @BeforeAll
  static void synthesize() throws Exception {
    text = models.resolve("text.gguf").toString();
    mmproj = models.resolve("mmproj.gguf").toString();
    Result result =
        new Cli(outputs)
            .run(
                "synth",
                text,
                "--preset",
                "bluelm-v-3b",
                "--shape",
                SHAPE,
                "--type",
                "Q8_0",
                "--mmproj",
                mmproj,
                "--mmproj-shape",
                TOWER);
    assertEquals(0, result.status(), result.err());
    assertEquals(2, result.out().lines().count(), result.out());
  }

  @BeforeEach
  void start() {
    cli = new Cli(folder);
  }

  @Test
  void jsonHasTheDocumentedShape() throws Exception {
    JsonNode json =
        json(
            "bench",
            "-m",
            text,
            "-p",
            "8,16",
            "-n",
            "4",
            "-d",
            "0,32",
            "-t",
            "1,2",
            "-r",
            "3",
            "--warm-up",
            "0",
            "--mmproj",
            mmproj,
            "--image-size",
            "64x32",
            "--json");
    assertTrue(json.at("/machine/processors").asInt() >= 1);
    assertTrue(json.at("/machine/javaFlags").size() > 0);
    assertEquals("synthetic bluelm-v-3b", json.at("/model/name").asText());
    JsonNode results = json.get("results");
    List<String> perThread =
        List.of("load", "pp8", "pp16", "tg4", "pp8 @ d32", "pp16 @ d32", "tg4 @ d32", "encode");
    assertEquals(2 * perThread.size(), results.size());
    for (int i = 0; i < results.size(); i++) {
      JsonNode result = results.get(i);
      assertEquals(perThread.get(i % perThread.size()), result.get("test").asText());
      assertEquals(i < perThread.size() ? 1 : 2, result.get("threads").asInt());
      assertTrue(result.get("peakMemoryBytes").asLong() > 1 << 20);
    }
    JsonNode deep = results.get(6);
    assertEquals(0, deep.get("prompt").asInt());
    assertEquals(4, deep.get("decode").asInt());
    assertEquals(32, deep.get("depth").asInt());
    double median = deep.get("tokensPerSecond").asDouble();
    assertTrue(
        deep.get("tokensPerSecondMin").asDouble() <= median
            && median <= deep.get("tokensPerSecondMax").asDouble()
            && median > 0,
        deep.toString());
    assertTrue(deep.has("allocatedBytesPerToken"), deep.toString());
    JsonNode encode = results.get(7);
    // Two tiles side by side and the overview, of 2x2 tokens each.
    assertEquals(3, encode.get("tiles").asInt());
    assertEquals(12, encode.get("imageTokens").asInt());
    assertTrue(encode.get("secondsPerTile").asDouble() > 0);
  }

  @Test
  void theTableHasALineForEachTest() throws Exception {
    Result result =
        cli.run("bench", "-m", text, "-p", "8", "-n", "2", "-d", "0", "-r", "1", "--warm-up", "0");
    assertEquals(0, result.status(), result.err());
    for (String start : List.of("machine: ", "flags: ", "model: ", "load ", "pp8 ", "tg2 ")) {
      assertTrue(result.out().lines().anyMatch(line -> line.startsWith(start)), result.out());
    }
    assertEquals("", result.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16", "Q4_0", "Q5_1", "IQ4_NL", "Q2_K", "Q3_K_M", "Q4_K_M"})
  void modelsOfEveryKindOfTypeAnswerWithUncertainty(String type) throws Exception {
    Path file = folder.resolve("m.gguf");
    Result written =
        cli.run(
            "synth",
            file.toString(),
            "--type",
            type,
            "--shape",
            SHAPE.replace("embeddingLength=64", "embeddingLength=256"));
    assertEquals(0, written.status(), written.err());
    JsonNode answer =
        json(
            "complete",
            "-m",
            file.toString(),
            "-p",
            "the",
            "-n",
            "6",
            "--ignore-eos",
            "--logprobs",
            "1",
            "--json");
    double sum = 0;
    for (JsonNode step : answer.get("steps")) {
      sum += step.at("/top/0/1").asDouble();
    }
    double mean = sum / answer.get("steps").size();
    // Neither one-hot nor flat (-6.9 for 1024 tokens), nor NaN: activations keep their size.
    assertTrue(mean < -0.001 && mean > -6, type + ": mean log-probability " + mean);
  }

  @Test
  void filesThatAreThereAreKeptWithoutForce() throws Exception {
    Path file = Files.writeString(folder.resolve("kept.gguf"), "kept");
    Result refused = cli.run("synth", file.toString(), "--shape", SHAPE);
    assertEquals(3, refused.status());
    assertTrue(refused.err().contains("--force"), refused.err());
    assertEquals("kept", Files.readString(file));
    Result forced = cli.run("synth", file.toString(), "--shape", SHAPE, "--force");
    assertEquals(0, forced.status(), forced.err());
    assertTrue(Files.size(file) > 1000);
    try (var left = Files.list(folder)) {
      assertFalse(left.anyMatch(f -> f.toString().endsWith(".part")), "no unfinished files");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "synth x.gguf --preset nope | expected one of tinyllama-1.1b, bluelm-v-3b",
        "synth x.gguf --type Q9 | expected one of F32",
        "synth x.gguf --shape blocks=2 | expected one of architecture, contextLength",
        "synth x.gguf --shape blockCount=two | expected an integer, got 'two'",
        "synth x.gguf --shape headCountKv=5 | expected a divisor of headCount 32, got 5",
        "synth x.gguf --mmproj y.gguf | a text model without a vision tower",
        "synth x.gguf --mmproj-shape blockCount=1 | needs --mmproj",
        "synth x.gguf --preset smolvlm-500m --mmproj x.gguf | expected another file",
        "synth no/such/folder/x.gguf | existing folder",
        "bench -m TEXT -c 64 -p 512 -n 0 -d 0 | expected at least the 513 positions",
        "bench -m TEXT -p 0 -n 0 | nothing to measure",
        "bench -m TEXT -r 0 | --repetitions",
        "bench -m TEXT --mmproj TEXT --image-size big | e.g. 768x1536",
        "bench -m TEXT --backend nope | nope",
      })
  void wrongArgumentsAreOneClearLine(String arguments, String words) throws Exception {
    Result result = cli.run(arguments.replace("TEXT", text).split(" "));
    assertTrue(result.status() == 3 || result.status() == 5, result.status() + result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains(words), result.err());
    assertEquals("", result.out());
  }

  private JsonNode json(String... args) throws Exception {
    Result result = cli.run(args);
    assertEquals(0, result.status(), result.err());
    assertEquals("", result.err());
    return new ObjectMapper().readTree(result.out());
  }
}
