// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.launcher.process.Cli.Result;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.ToyMmproj;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line with the real engine, on toy models of random weights.
class CliIT {
  @TempDir static Path models;

  private static String text;
  private static String mmproj;
  private static String picture;

  @TempDir Path folder;

  private Cli cli;

  @BeforeAll
  static void writeModels() throws Exception {
    text = ToyText.small(DType.Q8_0).writeTo(models.resolve("text.gguf")).toString();
    mmproj = ToyMmproj.small(DType.F16).writeTo(models.resolve("mmproj.gguf")).toString();
    picture = Files.write(models.resolve("grey.png"), TestPng.of(100, 40)).toString();
  }

  @BeforeEach
  void start() {
    cli = new Cli(folder);
  }

  @Test
  void aPictureAndAQuestionGetAnAnswer() throws Exception {
    Result result =
        cli.run(
            "run",
            "--model",
            text,
            "--mmproj",
            mmproj,
            "--image",
            picture,
            "-n",
            "4",
            "--stats",
            "What is it?");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().endsWith("\n"), result.out());
    // 100x40 keeps most of its pixels on 3 by 2 tiles of 32; the overview is the seventh.
    assertTrue(result.err().contains("1 with 7 tiles"), result.err());
    assertTrue(result.err().contains("first token"), result.err());
  }

  @Test
  void completionsAreTheSameEachTimeAndMatchTheirDocumentedShape() throws Exception {
    String[] command = {
      "complete",
      "--model",
      text,
      "--prompt-tokens",
      "1,40,41",
      "-n",
      "5",
      "--ignore-eos",
      "--greedy",
      "--logprobs",
      "3",
      "--json"
    };
    JsonNode first = json(cli.run(command));
    JsonNode second = json(cli.run(command));
    assertEquals(first.get("steps"), second.get("steps"));
    assertEquals(3, first.get("promptTokens").asInt());
    assertEquals(5, first.get("steps").size());
    for (JsonNode step : first.get("steps")) {
      assertEquals(3, step.get("top").size());
      assertEquals(step.get("id"), step.at("/top/0/0"), "greedy takes the best");
      assertTrue(step.at("/top/0/1").asDouble() <= 0, "a log-probability");
    }
  }

  @Test
  void aPromptInPiecesOfAnyChunkGivesTheSame() throws Exception {
    String prompt = "1" + ",40,41,42,43".repeat(20);
    JsonNode whole = complete(prompt, "--chunk", "128");
    JsonNode pieces = complete(prompt, "--chunk", "7");
    assertEquals(ids(whole), ids(pieces));
  }

  @Test
  void sequentialAndChunkedSchedulersGiveTheSame() throws Exception {
    JsonNode chunked = complete("1,40,41", "--scheduler", "chunked");
    JsonNode sequential = complete("1,40,41", "--scheduler", "sequential");
    assertEquals(ids(chunked), ids(sequential));
  }

  @Test
  void inspectTellsWhatWouldRunWhere() throws Exception {
    Result result = cli.run("inspect", text, "--mmproj", mmproj);
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().contains("blk.1.ffn_down.weight"), result.out());
    assertTrue(result.out().contains("text.decode"), result.out());
    assertTrue(result.out().contains("vision.blocks"), result.out());
    assertTrue(result.out().contains("KV cache of a session"), result.out());
  }

  @Test
  void tokenizeAndCompleteAgreeOnThePrompt() throws Exception {
    JsonNode tokens = json(cli.run("tokenize", "--model", text, "--json", "a red circle"));
    JsonNode answer =
        json(cli.run("complete", "--model", text, "-p", "a red circle", "-n", "1", "--json"));
    assertEquals(tokens.get("ids").size(), answer.get("promptTokens").asInt());
  }

  @Test
  void devicesListsEveryBackend() throws Exception {
    JsonNode devices = json(cli.run("devices", "--json"));
    var ids = devices.get("backends").findValuesAsText("id");
    assertTrue(ids.contains("gpu") && ids.contains("apu"), ids.toString());
    for (JsonNode backend : devices.get("backends")) {
      assertTrue(
          backend.get("available").asBoolean() || !backend.get("remedy").asText().isBlank(),
          backend.toString());
    }
  }

  @Test
  void anInterruptStopsAtOnceWithItsStatus() throws Exception {
    Process process =
        cli.start(
            "complete",
            "--model",
            text,
            "-p",
            "a",
            "-n",
            "0",
            "-c",
            "500",
            "--ignore-eos",
            "--repeat-penalty",
            "1.1");
    while (process.isAlive() && cli.out().isEmpty()) {
      Thread.sleep(20);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Result result = cli.await(process);
    // Quick models may be done before the signal comes.
    assertTrue(result.status() == 130 || result.status() == 0, "status " + result.status());
    assertEquals("", result.err());
  }

  private JsonNode complete(String tokens, String... more) throws Exception {
    String[] command = {
      "complete", "--model", text, "--prompt-tokens", tokens, "-n", "8", "--ignore-eos", "--json"
    };
    String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return json(cli.run(all));
  }

  private static java.util.List<String> ids(JsonNode answer) {
    return answer.get("steps").findValuesAsText("id");
  }

  private static JsonNode json(Result result) throws Exception {
    assertEquals(0, result.status(), result.err());
    assertEquals("", result.err());
    return new ObjectMapper().readTree(result.out());
  }
}
