// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.alcedo.launcher.process.Cli.Result;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The example model on the simulated Neuron Adapter of backend-apu's tests: the same answers as on
/// the CPU. It is a simulator: nothing here says how a real APU does.
class ApuSimulatorIT {
  private static final Path MODEL =
      Path.of("..", "examples", "models", "alcedo-tiny").toAbsolutePath().normalize();
  private static final Path BUILD =
      Path.of("..", "backend-apu", "src", "test", "native", "build-simulator").toAbsolutePath();

  @TempDir static Path directory;

  @TempDir Path folder;

  private static Path library;

  @BeforeAll
  static void build() throws Exception {
    boolean hasCompiler =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "gcc")));
    assumeTrue(hasCompiler, "skipped: no gcc on PATH to build the simulated Neuron Adapter with");
    library = directory.resolve("libneuron_adapter.so");
    Process gcc = new ProcessBuilder(BUILD.toString(), library.toString()).inheritIO().start();
    assertEquals(0, gcc.waitFor());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          01.png | What is in the picture?
          02.png | What is in the picture?
          03.png | How many shapes are there?
                 | What can you do?
          """)
  void answersAsOnTheCpu(String picture, String question) throws Exception {
    String expected = answer(Map.of(), picture, question, "--backend", "cpu");
    assertEquals(expected, answer(Map.of(), picture, question, "--backend", "apu"));
  }

  @ParameterizedTest
  @CsvSource({"f16", "relaxed", "w8a16", "w8a8"})
  void everyPrecisionAnswers(String precision) throws Exception {
    assertEquals(
        "a small blue star left of a small green triangle on a beige background.\n",
        answer(
            Map.of("ALCEDO_NEURON_PRECISION", precision),
            "02.png",
            "What is in the picture?",
            "--backend",
            "apu"));
  }

  /// In the child that probes, too, and where decoding is measured.
  @Test
  void answersWithMemoryGivenByDescriptor() throws Exception {
    var environment = Map.of("ALCEDO_NEURON_MEMORY", "fd");
    Path profile = Path.of("..", "examples", "device-profiles", "dimensity-9400.json");
    String[] stages = {"--profile", profile.toAbsolutePath().toString()};
    assertEquals("3\n", answer(environment, "03.png", "How many shapes are there?", stages));
    String report = report(environment, stages);
    assertTrue(report.contains("; inputs and outputs in memory of "), report);
  }

  /// What is in 8 bits is calibrated by the first answer and kept, so that the second is in 8 bits
  /// from the beginning.
  @Test
  void answersInEightBitsFromTheStart() throws Exception {
    var environment = Map.of("ALCEDO_NEURON_PRECISION", "w8a8", "ALCEDO_NEURON_CALIBRATION", "32");
    String[] apu = {"--backend", "apu"};
    String expected = "a small blue star left of a small green triangle on a beige background.\n";
    assertEquals(expected, answer(environment, "02.png", "What is in the picture?", apu));
    List<Path> calibrated = list(folder);
    assertTrue(
        calibrated.stream().filter(file -> file.toString().endsWith(".ranges")).count() > 4,
        calibrated.toString());
    assertEquals(expected, answer(environment, "02.png", "What is in the picture?", apu));
    assertEquals("3\n", answer(environment, "03.png", "How many shapes are there?", apu));
    assertEquals(calibrated, list(folder));
  }

  /// A device that takes 50 ms for each network decodes slower than any CPU.
  @Test
  void decodingGoesWhereItIsFasterAndIsMeasuredOnce() throws Exception {
    Path profile = Path.of("..", "examples", "device-profiles", "dimensity-9400.json");
    String[] stages = {"--profile", profile.toAbsolutePath().toString()};
    var slow = Map.of("SIM_DELAY_MICROS", "50000", "ALCEDO_CACHE", folder.toString());
    assertTrue(report(slow, stages).contains("text.decode        cpu, "));
    assertTrue(report(slow, stages).contains("(to be measured at first load)"));
    assertEquals("3\n", answer(slow, "03.png", "How many shapes are there?", stages));
    String measured = Files.readString(folder.resolve("measured.txt"));
    assertTrue(measured.contains(" on apu = "), measured);
    assertTrue(report(slow, stages).contains("(measured once: a step takes "));
    // What an earlier measurement came to holds, whatever the device does today.
    Files.writeString(
        folder.resolve("measured.txt"), measured.replaceAll(" on apu = \\d+", " on apu = 1"));
    assertTrue(report(Map.of(), stages).contains("text.decode        apu, mtk-mdla: "));
    assertEquals("3\n", answer(Map.of(), "03.png", "How many shapes are there?", stages));
  }

  @Test
  void thePapersPlacementAnswersAndIsReported() throws Exception {
    Path profile = Path.of("..", "examples", "device-profiles", "dimensity-9400.json");
    String[] stages = {"--profile", profile.toAbsolutePath().toString()};
    assertEquals("3\n", answer(Map.of(), "03.png", "How many shapes are there?", stages));
    String report = report(Map.of(), stages);
    for (String line :
        List.of(
            "vision.patchEmbed  cpu, ",
            "vision.blocks      apu, mtk-mdla: ",
            "vision.projector   apu, mtk-mdla: ",
            "text.prefill       apu, mtk-mdla: ",
            "text.decode        ",
            "text.logits        cpu, ")) {
      assertTrue(report.contains(line), line + " in " + report);
    }
  }

  @Test
  void compiledNetworksAreKept() throws Exception {
    Path cache = directory.resolve("networks");
    var environment = Map.of("ALCEDO_NEURON_CACHE", cache.toString());
    String first = answer(environment, "01.png", "What is in the picture?", "--backend", "apu");
    List<Path> files = list(cache);
    assertTrue(files.size() > 3, files.toString());
    for (Path file : files) { // the first byte of each file's hash
      byte[] bytes = Files.readAllBytes(file);
      bytes[8] ^= 1;
      Files.write(file, bytes);
    }
    assertEquals(
        first, answer(environment, "01.png", "What is in the picture?", "--backend", "apu"));
    assertEquals(files, list(cache));
    assertEquals(
        first, answer(environment, "01.png", "What is in the picture?", "--backend", "apu"));
  }

  @Test
  void aDriverThatFailsIsNamed() throws Exception {
    // Far beyond the calls of the child that probes.
    var environment = Map.of("SIM_FAULT_KIND", "1", "SIM_FAULT_CALL", "2000");
    Result result = cli(environment).run(question("01.png", "What is it?", "--backend", "apu"));
    assertEquals(5, result.status(), result.err());
    assertTrue(result.err().contains("returned 5 (NEURON_OP_FAILED)"), result.err());
  }

  private String report(Map<String, String> environment, String... stages) throws Exception {
    Result result =
        cli(environment)
            .run(
                Stream.concat(
                        Stream.of(
                            "inspect",
                            MODEL.resolve("alcedo-tiny-q8_0.gguf").toString(),
                            "--mmproj",
                            MODEL.resolve("mmproj-alcedo-tiny-q8_0.gguf").toString()),
                        Arrays.stream(stages))
                    .toArray(String[]::new));
    assertEquals(0, result.status(), result.err());
    return result.out();
  }

  private static List<Path> list(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private String answer(
      Map<String, String> environment, String picture, String question, String... more)
      throws Exception {
    Result result = cli(environment).run(question(picture, question, more));
    assertEquals(0, result.status(), result.err());
    return result.out();
  }

  private Cli cli(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    all.put("ALCEDO_NEURON_LIBRARY", library.toString());
    all.put("ALCEDO_NEURON_TIMEOUT", "120"); // machines that test are busy ones
    all.putIfAbsent("ALCEDO_CACHE", folder.toString());
    return new Cli(folder, all);
  }

  private static String[] question(String picture, String question, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--quiet",
                "--temperature",
                "0",
                "--model",
                MODEL.resolve("alcedo-tiny-q8_0.gguf").toString(),
                "--mmproj",
                MODEL.resolve("mmproj-alcedo-tiny-q8_0.gguf").toString()));
    if (picture != null) {
      arguments.addAll(List.of("--image", MODEL.resolve("pictures").resolve(picture).toString()));
    }
    arguments.addAll(List.of(more));
    arguments.add(question);
    return arguments.toArray(String[]::new);
  }
}
