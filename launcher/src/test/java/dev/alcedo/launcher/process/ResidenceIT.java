// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.launcher.process.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// With `--encoder release`, a process falls by what the plan says that the encoder takes. The
/// tower has 100 million weights of SigLIP's width, and tiles of 64 patches, which are quick.
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
class ResidenceIT {
  private static final String TEXT =
      "contextLength=512,embeddingLength=64,blockCount=2,feedForwardLength=128,headCount=4,"
          + "headCountKv=2,headLength=16,vocabSize=1024";
  private static final String TOWER = "imageSize=112,patchSize=14,blockCount=7";

  /// Of the fall, and this beside it: what Java compiled and collected meanwhile differs by run.
  private static final double TOLERANCE = 0.1;

  private static final long SLACK_BYTES = 8L << 20;

  @TempDir Path folder;

  private Cli cli;
  private String text;
  private String mmproj;

  @BeforeEach
  void synthesize() throws Exception {
    cli = new Cli(folder);
    text = folder.resolve("text.gguf").toString();
    mmproj = folder.resolve("mmproj.gguf").toString();
    Result result =
        cli.run(
            "synth",
            text,
            "--preset",
            "bluelm-v-3b",
            "--shape",
            TEXT,
            "--type",
            "Q8_0",
            "--mmproj",
            mmproj,
            "--mmproj-type",
            "Q8_0",
            "--mmproj-shape",
            TOWER);
    assertEquals(0, result.status(), result.err());
    Files.write(folder.resolve("p.png"), TestPng.of(112, 112));
  }

  @Test
  void releasingGivesBackWhatTheEncoderTakes() throws Exception {
    JsonNode plan = memoryPlan();
    long weights = plan.get("encoderBytes").asLong();
    long encoder = weights + plan.get("encoderScratchBytes").asLong();
    assertTrue(weights > 100 << 20, "a tower of some size: " + weights);
    long kept = residentBytes("keep");
    long released = residentBytes("release");
    System.getLogger(ResidenceIT.class.getName())
        .log(
            System.Logger.Level.INFO,
            "resident after an answer: {0} MiB with the encoder, {1} MiB without; planned {2} MiB",
            kept >> 20,
            released >> 20,
            encoder >> 20);
    assertEquals(
        encoder,
        kept - released,
        TOLERANCE * encoder + SLACK_BYTES,
        "kept %d, released %d".formatted(kept, released));
  }

  private JsonNode memoryPlan() throws Exception {
    Result result = cli.run("inspect", text, "--mmproj", mmproj, "--tile-batch", "1", "--json");
    assertEquals(0, result.status(), result.err());
    return new ObjectMapper().readTree(result.out()).path("info").path("memory");
  }

  private long residentBytes(String encoder) throws Exception {
    Result result =
        cli.run(
            "complete",
            "--model",
            text,
            "--mmproj",
            mmproj,
            "--tile-batch",
            "1",
            "--encoder",
            encoder,
            "--image",
            folder.resolve("p.png").toString(),
            "--prompt",
            "<image> what",
            "-n",
            "8",
            "--ignore-eos",
            "--json");
    assertEquals(0, result.status(), result.err());
    return new ObjectMapper().readTree(result.out()).at("/timings/residentMemoryBytes").asLong();
  }
}
