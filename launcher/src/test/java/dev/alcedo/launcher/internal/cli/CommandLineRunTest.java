// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.launcher.internal.bus.EchoAlcedo;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.Environment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands over a real bus, with an engine that echoes.
class CommandLineRunTest {
  private static final String[] MODEL = {"--model", "a.gguf"};

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void anAnswerIsAllThatGoesToStandardOutput() {
    assertEquals(0, run("run", "--model", "a.gguf", "héllo wörld"));
    assertEquals("héllo wörld\n", text(out));
    assertEquals("", text(err));
  }

  @Test
  void statisticsGoToStandardError() {
    assertEquals(
        0, run("run", "--model", "a.gguf", "--stats", "--seed=9", "--temperature=1", "hi"));
    assertEquals("hi\n", text(out));
    assertTrue(text(err).contains("first token  0.020 s"), text(err));
    assertTrue(text(err).contains("prefill      2 tokens in 0.010 s (200.0 tokens/s)"), text(err));
    assertTrue(text(err).contains("seed         9"), text(err));
    assertTrue(text(err).contains("peak memory"), text(err));
  }

  @Test
  void picturesComeBeforeTheQuestion() throws IOException {
    Path picture = Files.write(folder.resolve("p.png"), new byte[12]);
    Path other = Files.write(folder.resolve("q.png"), new byte[34]);
    assertEquals(
        0, run("run", "--model", "a.gguf", "-i", picture.toString(), "-i", other.toString(), "?"));
    assertEquals("[hash12] [hash34] ?\n", text(out));
  }

  @Test
  void aPictureThatIsNotThereIsNamed() {
    assertEquals(3, run("run", "--model", "a.gguf", "--image", "no/such.png", "?"));
    assertEquals("alcedo: picture no/such.png: there is no such file\n", text(err));
  }

  @Test
  void aPictureThatIsTooLargeIsRefusedBeforeItIsRead() throws IOException {
    Path file = folder.resolve("huge.png");
    try (var channel = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      channel.setLength((32L << 20) + 1);
    }
    assertEquals(3, run("run", "--model", "a.gguf", "--image", file.toString(), "?"));
    assertTrue(text(err).contains("at most 33554432 bytes"), text(err));
  }

  @Test
  void quantizingSaysWhatBecameOfTheFile() {
    assertEquals(0, run("quantize", "a.gguf", "b.gguf", "--type", "Q4_0"));
    assertEquals("b.gguf: 5 B (Q4_0), 1 of 2 tensors changed; was 10 B\n", text(out));
    assertEquals("note: a note\n", text(err));
  }

  @Test
  void quantizingTakesATypeOrAPreset() {
    assertEquals(2, run("quantize", "a.gguf", "b.gguf"));
    assertEquals(2, run("quantize", "a.gguf", "b.gguf", "--type", "F16", "--preset", "bluelm"));
    assertEquals(2, run("quantize", "a.gguf", "--type", "F16"));
    assertEquals(
        2, run("quantize", "a.gguf", "b.gguf", "--type", "F16", "--tensor-type", "ffn_down"));
    assertTrue(text(err).contains("expected REGEX=TYPE"), text(err));
    assertEquals(0, run("quantize", "a.gguf", "b.gguf", "--preset", "bluelm", "--json"));
    assertTrue(text(out).contains("\"convertedCount\":1"), text(out));
    assertEquals(4, run("quantize", "broken.gguf", "b.gguf", "--type", "F16"));
  }

  @Test
  void perplexityIsOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("t.txt"), "abc");
    assertEquals(0, run("perplexity", "--model", "a.gguf", "--file", file.toString()));
    assertEquals("perplexity 1.5000 +/- 0.2500 (1536 tokens of 3 chunks of 512)\n", text(out));
    assertEquals(
        0, run("perplexity", "-m", "a.gguf", "-f", file.toString(), "-c", "100", "--json"));
    assertTrue(text(out).contains("\"tokenCount\":300"), text(out));
    assertEquals(2, run("perplexity", "-m", "a.gguf"));
  }

  @Test
  void completionsMarkPicturesInThePrompt() throws IOException {
    String picture = Files.write(folder.resolve("p.png"), new byte[5]).toString();
    assertEquals(
        0,
        run(
            "complete",
            "--model",
            "a.gguf",
            "-i",
            picture,
            "--prompt",
            "see <image> here",
            "-n",
            "9"));
    assertEquals("see  [hash5]  here\n", text(out));
  }

  @Test
  void markersWithoutPicturesAreWrongUsage() {
    assertEquals(2, run("complete", "--model", "a.gguf", "--prompt", "see <image>"));
    assertTrue(text(err).contains("got 0 for 1"), text(err));
  }

  @Test
  void completionsInJsonHaveTheirDocumentedShape() throws IOException {
    assertEquals(
        0,
        run(
            "complete",
            "--model",
            "a.gguf",
            "--prompt-tokens",
            "1,2",
            "--logprobs",
            "1",
            "--json"));
    JsonNode json = new ObjectMapper().readTree(text(out));
    assertEquals("[1, 2]", json.get("text").asText());
    assertEquals(6, json.get("promptTokens").asInt());
    assertEquals("end", json.get("reason").asText());
    assertEquals(
        "{\"id\":0,\"text\":\"[1,\",\"top\":[[0,-0.125]]}", json.at("/steps/0").toString());
    assertEquals(3, json.get("steps").size());
    assertEquals(0.02, json.at("/timings/timeToFirstToken").asDouble());
    assertEquals(1, text(out).lines().count());
  }

  @Test
  void aFileOfRequestsIsAnsweredLineByLine() throws IOException {
    Path picture = Files.write(folder.resolve("p.png"), new byte[5]);
    String image = new ObjectMapper().writeValueAsString(picture.toString());
    Path requests =
        Files.writeString(
            folder.resolve("r.jsonl"),
            """
            {"prompt": "two words", "maxTokens": 3}

            {"prompt": "see <image> here", "images": [%s]}
            {"promptTokens": [1, 2]}
            """
                .formatted(image));
    assertEquals(
        0, run("complete", MODEL[0], MODEL[1], "--requests", requests.toString(), "--logprobs=1"));
    List<JsonNode> answers = answers();
    assertEquals(
        List.of("two words", "see  [hash5]  here", "[1, 2]"),
        answers.stream().map(a -> a.get("text").asText()).toList());
    assertEquals(
        "{\"id\":0,\"text\":\"two\",\"top\":[[0,-0.125]]}",
        answers.getFirst().at("/steps/0").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1]                                    | expected a JSON object",
        "{\"prompt\": 3}                        | field 'prompt': expected a text, got 3",
        "{\"promt\": \"a\"}                     | field 'promt' is not known; known: images,",
        "{\"images\": []}                       | expected either 'prompt' or 'promptTokens'",
        "{\"prompt\": \"<image>\"}               | got 0 for 1",
        "{\"promptTokens\": [1.5]}              | field 'promptTokens': expected a token id",
        "{\"promptTokens\": [1], \"images\": []} | not with 'promptTokens'",
        "{\"prompt\": \"a\", \"maxTokens\": -1}  | field 'maxTokens': expected 0 or more, got -1",
        "{\"prompt\": \"<image>\", \"images\": [\"no/such.png\"]} | there is no such file"
      })
  void aRequestThatIsNoneIsNamedAndTheNextOneAnswered(String line, String message)
      throws IOException {
    Path requests = Files.writeString(folder.resolve("r.jsonl"), line + "\n{\"prompt\": \"on\"}\n");
    assertEquals(3, run("complete", MODEL[0], MODEL[1], "--requests", requests.toString()));
    List<JsonNode> answers = answers();
    assertEquals("invalid_request", answers.getFirst().get("error").asText());
    String got = answers.getFirst().get("message").asText();
    assertTrue(got.contains(message), got);
    assertEquals("on", answers.getLast().get("text").asText());
    assertEquals(2, answers.size());
  }

  @Test
  void theFirstFailureOfAFileOfRequestsIsTheStatus() throws IOException {
    Path requests =
        Files.writeString(folder.resolve("r.jsonl"), "{\"prompt\": \"fail\"}\n{\"prompt\": 1}\n");
    assertEquals(5, run("complete", MODEL[0], MODEL[1], "--requests", requests.toString()));
    assertEquals("backend", answers().getFirst().get("error").asText());
  }

  @Test
  void aPromptIsNeededAndOnlyOne() {
    assertEquals(2, run("complete", "--model", "a.gguf"));
    assertEquals(2, run("complete", "--model", "a.gguf", "-p", "a", "--prompt-tokens", "1"));
    assertEquals(2, text(err).lines().count());
  }

  @Test
  void devicesShowReasonAndRemedy() {
    assertEquals(0, run("devices"));
    assertEquals(
        """
        gpu         unavailable: no libOpenCL.so
                    remedy: install one
        cpu         available
                    device 0: Some CPU (Java 25)
                    memory: 8.0 GiB
                    features: vectors of 256 bits
        """,
        text(out));
  }

  @Test
  void tokenizeReadsArgumentsFilesAndStandardInput() throws IOException {
    assertEquals(0, run("tokenize", "--model", "a.gguf", "é"));
    assertEquals("      1  <begin>\n    233  é\n", text(out));
    Path file = Files.writeString(folder.resolve("t.txt"), "ab");
    out.reset();
    assertEquals(
        0, run("tokenize", "--model", "a.gguf", "--no-special", "--json", "-f", file.toString()));
    assertEquals(
        "{\"tokenizer\":\"characters\",\"ids\":[97,98],\"pieces\":[\"a\",\"b\"]}\n", text(out));
    out.reset();
    assertEquals(0, runWith(Map.of(), "xy", "tokenize", "--model", "a.gguf", "--no-special"));
    assertEquals("    120  x\n    121  y\n", text(out));
  }

  @Test
  void templatesArePrintedByteForByte() throws IOException {
    assertEquals(0, run("template", "--model", "a.gguf"));
    assertEquals("[user]Hello", text(out));
    out.reset();
    Path variables =
        Files.writeString(
            folder.resolve("v.json"),
            "{\"messages\": [{\"role\": \"user\", \"content\": \"ü\"}, {\"role\": \"tool\", \"content\": null}]}");
    assertEquals(
        0,
        run(
            "template",
            "--model",
            "a.gguf",
            "--generation-prompt",
            "--variables",
            "@" + variables));
    assertEquals("[user]ü[tool]None>", text(out));
    out.reset();
    Path jinja = Files.writeString(folder.resolve("t.jinja"), "{{ a }}|{{ b.c }}|{{ d }}\n\n");
    assertEquals(
        0,
        run(
            "template",
            "--file",
            jinja.toString(),
            "--variables",
            "{\"a\": 1.5, \"b\": {\"c\": [true, null, \"x\"]}}"));
    assertEquals("1.5|[True, None, 'x']|\n", text(out));
    assertEquals("", text(err));
  }

  @Test
  void toolsChooseTheirTemplateAndNamesOverruleThem() {
    String tools = "{\"tools\": [{\"b\": 1, \"a\": null}]}";
    String[] date = {"--date", "2024-07-26"};
    assertEquals(0, run("template", "-m", "a.gguf", "--variables", tools, date[0], date[1]));
    assertEquals("[{\"b\": 1, \"a\": null}]2024-07-26", text(out));
    out.reset();
    assertEquals(0, run("template", "-m", "a.gguf", "--variables", tools, "--name", "default"));
    assertEquals("[user]Hello", text(out));
    assertEquals(3, run("template", "-m", "a.gguf", "--name", "rag"));
    assertTrue(text(err).contains("'tokenizer.chat_template.rag', the file has "), text(err));
    assertTrue(text(err).contains("tokenizer.chat_template.tool_use"), text(err));
  }

  @Test
  void templatesThatFailHaveOneLineAndTheirStatus() throws IOException {
    String file = folder.resolve("t.jinja").toString();
    Files.writeString(Path.of(file), "\n{{ raise_exception('no') }}");
    assertEquals(3, run("template", "--file", file));
    assertEquals("alcedo: chat template, line 2: the template refuses: no\n", text(err));
    err.reset();
    Files.writeString(Path.of(file), "{% for x in range(10 ** 12) %}{% endfor %}");
    assertEquals(4, run("template", "--file", file));
    assertEquals(
        "alcedo: chat template, line 1: stopped at its limit of 100000 numbers in a range\n",
        text(err));
    err.reset();
    for (String json :
        new String[] {"{", "[]", "null", "{} x", "{\"a\": 1e}", "{\"a\": 99999999999999999999}"}) {
      assertEquals(3, run("template", "--file", file, "--variables", json), json);
    }
    assertEquals(3, run("template", "--file", file, "--date", "yesterday"));
    assertEquals(3, run("template", "--file", folder.resolve("no.jinja").toString()));
    assertEquals(8, text(err).lines().count(), text(err));
  }

  @Test
  void textThatIsNoUtf8IsRefused() throws IOException {
    Path file = Files.write(folder.resolve("t.txt"), new byte[] {(byte) 0xff});
    assertEquals(3, run("tokenize", "--model", "a.gguf", "-f", file.toString()));
    assertTrue(text(err).contains("expected UTF-8"), text(err));
  }

  @Test
  void inspectShowsTensorsTypesAndThePlan() {
    assertEquals(0, run("inspect", "a.gguf"));
    assertTrue(text(out).contains("w                                            Q8_0     [2, 32]"));
    assertTrue(text(out).contains("number[2]        [1.0, 2.0]"), text(out));
    assertTrue(text(out).contains("text.decode        cpu, Some CPU: 3 nodes (the only one)"));
    assertTrue(text(out).contains("memory       98 B in all"), text(out));
    assertTrue(text(out).contains("  Q8_0         1 tensors         68 B  100.0 %\n"), text(out));
    assertTrue(text(out).contains("  family     echo\n"), text(out));
    assertTrue(
        text(out).contains("  tokenizer  not supported: none; known: characters\n"), text(out));
  }

  @Test
  void brokenModelsHaveOneLineAndTheirStatus() {
    assertEquals(4, run("run", "--model", "broken.gguf", "hi"));
    assertEquals("alcedo: broken.gguf: expected a GGUF file, got something else\n", text(err));
    assertEquals("", text(out));
  }

  @Test
  void failingBackendsHaveTheirStatus() {
    assertEquals(5, run("run", "--model", "a.gguf", "fail"));
    assertEquals("alcedo: device 0: it broke\n", text(err));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bogus", "--threads=x", "--image-rule=none", "--context="})
  void wrongUsageIsOneLine(String argument) {
    assertEquals(2, run("run", "--model", "a.gguf", argument, "hi"));
    assertEquals(1, text(err).lines().count(), text(err));
    assertTrue(text(err).startsWith("alcedo: "), text(err));
    assertTrue(text(err).contains("alcedo run --help"), text(err));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--temperature=-1", "--threads=-2", "--chunk=0", "--top-p=2", "--stop="})
  void valuesOutOfRangeAreInvalid(String argument) {
    assertEquals(3, run("run", "--model", "a.gguf", argument, "hi"));
    assertEquals(1, text(err).lines().count(), text(err));
  }

  @Test
  void noCommandAndUnknownCommandsAreWrongUsage() {
    assertEquals(2, run());
    assertEquals(2, run("rnu"));
    assertEquals(2, text(err).lines().count(), text(err));
  }

  @Test
  void helpGoesToStandardOutput() {
    assertEquals(0, run("run", "--help"));
    assertTrue(text(out).contains("--repeat-penalty"), text(out));
    assertTrue(text(out).contains("Examples:"), text(out));
    assertEquals("", text(err));
  }

  @Test
  void theEnvironmentGivesDefaultsAndArgumentsOverruleThem() {
    var environment = Map.of("ALCEDO_MODEL", "broken.gguf");
    assertEquals(4, runWith(environment, "", "run", "hi"));
    assertEquals(0, runWith(environment, "", "run", "--model", "a.gguf", "hi"));
  }

  @Test
  void withoutTheExampleModelItsPlaceIsNamed() {
    assertEquals(3, run("run", "hi"));
    assertTrue(text(err).contains("models/alcedo-tiny"), text(err));
    assertTrue(text(err).contains("--model FILE"), text(err));
  }

  @Test
  void linesOfAnInputAreQuestionsOfOneConversation() {
    assertEquals(
        0, runWith(Map.of(), "one\n\n/foo\ntwo\n/exit\nthree\n", "run", MODEL[0], MODEL[1]));
    assertEquals("one\ntwo\n", text(out));
    assertTrue(text(err).contains("no command '/foo'"), text(err));
  }

  @Test
  void aQuestionThatFailsEndsAnInput() {
    assertEquals(5, runWith(Map.of(), "one\nfail\ntwo\n", "run", MODEL[0], MODEL[1]));
    assertEquals("one\n", text(out));
  }

  @Test
  void aReaderThatLeavesEndsTheCommandQuietly() {
    var closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertEquals(
        0, runTo(new PrintStream(closed), Map.of(), "", "run", MODEL[0], MODEL[1], "forever"));
    assertEquals("", text(err));
  }

  private List<JsonNode> answers() throws IOException {
    var answers = new ArrayList<JsonNode>();
    for (String line : text(out).lines().toList()) {
      answers.add(new ObjectMapper().readTree(line));
    }
    return answers;
  }

  private int run(String... args) {
    return runWith(Map.of(), "", args);
  }

  private int runWith(Map<String, String> variables, String input, String... args) {
    return runTo(new PrintStream(out, false, StandardCharsets.UTF_8), variables, input, args);
  }

  private int runTo(PrintStream to, Map<String, String> variables, String input, String... args) {
    var console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            to,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    var environment = new Environment(variables, false, false, false, Optional.of(folder));
    var context =
        new CommandContext(
            console,
            environment,
            new Interrupts(console),
            _ -> LocalEngine.around(new EchoAlcedo()));
    return new CommandLineRun(context).run(args);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
