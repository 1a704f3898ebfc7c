// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.jlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image that the build has just made answers, by itself and from anywhere.
class ImageIT {
  private static final Path IMAGE = Path.of(System.getProperty("alcedo.image"));
  private static final Path FULL_IMAGE = Path.of(System.getProperty("alcedo.image.full"));
  private static final Path EXAMPLE = Path.of(System.getProperty("alcedo.example"));
  private static final Path MODULES = Path.of("src", "test", "resources", "modules.txt");

  @TempDir Path folder;

  private record Result(int status, String out, String err) {}

  @Test
  void itAnswersAQuestionAboutAPicture() throws Exception {
    Path picture = EXAMPLE.resolve("pictures").resolve("01.png");
    Result result =
        run(alcedo(), "run", "--image", picture.toString(), "How many circles are there?");
    assertEquals(0, result.status(), result.err());
    assertFalse(result.out().isBlank());
    assertEquals("", result.err());
  }

  @Test
  void itAnswersThroughALinkFromAnotherFolder() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("a link"), Path.of(alcedo()));
    Result result = run(link.toString(), "--version");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().startsWith("alcedo "), result.out());
  }

  @Test
  void itShowsTheDevices() throws Exception {
    Result result = run(alcedo(), "devices");
    assertEquals(0, result.status(), result.err());
    for (String id : List.of("cpu ", "gpu ", "apu ")) {
      assertTrue(result.out().lines().anyMatch(line -> line.startsWith(id)), result.out());
    }
  }

  @Test
  void whatIsWrongIsOneLine() throws Exception {
    Result result = run(alcedo(), "run", "--model", "no-such.gguf", "hi");
    assertTrue(result.status() > 1, "status " + result.status());
    assertEquals(1, result.err().lines().count(), result.err());
    assertEquals("", result.out());
  }

  @Test
  void onlyTheFullImageMakesClusters() throws Exception {
    Result trimmed = run(alcedo(), "serve", "--cluster", "--port", "0");
    assertEquals(5, trimmed.status(), trimmed.err());
    assertTrue(trimmed.err().contains("use the full one"), trimmed.err());

    String full = FULL_IMAGE.resolve("bin").resolve("alcedo").toString();
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(full, "serve", "--cluster", "--port", "0", "--cluster-port", freePort())
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
      while (!Files.readString(out).startsWith("listening on ")) {
        assertTrue(
            process.isAlive() && System.nanoTime() < end, Files.readString(folder.resolve("err")));
        Thread.sleep(50);
      }
    } finally {
      process.destroy();
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends");
    }
  }

  private static String freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  /// The golden is written anew with `-Dalcedo.golden=write`. Versions are left out.
  @Test
  void itHoldsTheModulesThatWeKnowOf() throws Exception {
    Result result = run(IMAGE.resolve("bin/java").toString(), "--list-modules");
    String modules =
        result
            .out()
            .lines()
            .map(line -> line.split("@")[0])
            .collect(Collectors.joining("\n", "", "\n"));
    if ("write".equals(System.getProperty("alcedo.golden"))) {
      Files.writeString(MODULES, modules);
    }
    assertEquals(Files.readString(MODULES), modules);
  }

  private static String alcedo() {
    return IMAGE.resolve("bin").resolve("alcedo").toString();
  }

  private Result run(String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(new ArrayList<>(List.of(command)))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "it ends");
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
