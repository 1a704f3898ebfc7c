// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A front node and two workers as processes, which are killed while they answer.
class ClusterIT {
  private static final int CLIENT_COUNT = 8;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  /// An answer of two hundred tokens, whatever the model thinks of it.
  private static final String BODY =
      """
      {"prompt": "%s", "temperature": 0, "max_tokens": 200, "stream": %s,
       "grammar": "root ::= [a-z ]{1000}"}\
      """;

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private String url = "";

  /// How a request ended.
  ///
  /// @param text of a whole answer
  /// @param code of an error
  private record End(int status, String text, String code) {}

  @Test
  void killedWorkersLoseNoRequestSilently() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      int port = freePort();
      Cli front = cli("front");
      processes.add(
          front.start(
              "serve", "--cluster", "--port", "0", "--cluster-port", "" + port, "--queue", "99"));
      Process first = worker("first", port);
      Process second = worker("second", port);
      url = Served.address(front, processes.getFirst());
      awaitMetric("alcedo_engines", 2);
      String expectedA = ask("a", false).text();
      String expectedB = ask("b", true).text();
      assertTrue(expectedA.length() > 100 && expectedB.length() > 100, expectedA);

      List<Future<End>> asked = askAll(clients);
      awaitMetric("alcedo_requests_running", 4);
      first.destroyForcibly(); // kill -9
      int lostCount = check(asked, expectedA, expectedB);
      awaitMetric("alcedo_engines", 1);
      long retries = metric("alcedo_retries_total");
      assertTrue(retries + lostCount >= 1, "it was killed while it answered");
      assertTrue(lostCount <= 2, "a worker loses its own requests only, not " + lostCount);

      // Whoever is left answers.
      assertEquals(expectedA, ask("a", false).text());

      asked = askAll(clients);
      awaitMetric("alcedo_requests_running", 2);
      second.destroyForcibly();
      for (Future<End> end : asked) {
        checkOne(end.get(), expectedA, expectedB);
      }
      End none = ask("a", false);
      assertEquals("503 no_engine", none.status() + " " + none.code());
      awaitMetric("alcedo_requests_running", 0);
      awaitMetric("alcedo_requests_waiting", 0);
    } finally {
      processes.forEach(Process::destroyForcibly);
      for (Process process : processes) {
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends");
      }
    }
  }

  private Cli cli(String name) throws IOException {
    return Cli.full(Files.createDirectories(folder.resolve(name)));
  }

  private Process worker(String name, int port) throws IOException {
    Process process =
        cli(name).start("work", "--join", "127.0.0.1:" + port, "--parallel", "2", "-t", "1");
    processes.add(process);
    return process;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  // Streams about b, whole answers about a.
  private List<Future<End>> askAll(ExecutorService clients) {
    List<Future<End>> asked = new ArrayList<>();
    for (int i = 0; i < CLIENT_COUNT; i++) {
      boolean isStream = i % 2 == 1;
      Callable<End> task = () -> ask(isStream ? "b" : "a", isStream);
      asked.add(clients.submit(task));
    }
    return asked;
  }

  /// @return how many streams broke off with the error that says so
  private static int check(List<Future<End>> asked, String expectedA, String expectedB)
      throws Exception {
    int lostCount = 0;
    for (int i = 0; i < asked.size(); i++) {
      End end = asked.get(i).get();
      checkOne(end, expectedA, expectedB);
      if (!end.code().isEmpty()) {
        assertEquals(1, i % 2, "whole answers are asked again: " + end);
        lostCount++;
      }
    }
    return lostCount;
  }

  private static void checkOne(End end, String expectedA, String expectedB) {
    if (end.code().isEmpty()) {
      assertTrue(end.text().equals(expectedA) || end.text().equals(expectedB), end.text());
    } else {
      assertTrue(List.of("engine_lost", "no_engine").contains(end.code()), end.toString());
      assertTrue(end.status() == 200 || end.status() == 503, end.toString());
    }
  }

  private End ask(String prompt, boolean isStream) throws IOException {
    var http = (HttpURLConnection) URI.create(url + "/v1/completions").toURL().openConnection();
    http.setDoOutput(true);
    http.setRequestProperty("Content-Type", "application/json");
    try (var out = http.getOutputStream()) {
      out.write(BODY.formatted(prompt, isStream).getBytes(StandardCharsets.UTF_8));
    }
    int status = http.getResponseCode();
    String reply;
    try (var in = status < 400 ? http.getInputStream() : http.getErrorStream()) {
      reply = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return isStream && status == 200 ? streamed(reply) : whole(status, reply);
  }

  private static End whole(int status, String reply) throws IOException {
    JsonNode json = new ObjectMapper().readTree(reply);
    return new End(status, json.at("/choices/0/text").asText(), json.at("/error/code").asText());
  }

  private static End streamed(String reply) throws IOException {
    var text = new StringBuilder();
    for (String line : reply.split("\n")) {
      if (line.equals("data: [DONE]")) {
        return new End(200, text.toString(), "");
      }
      if (line.startsWith("data: ")) {
        JsonNode json = new ObjectMapper().readTree(line.substring("data: ".length()));
        if (json.has("error")) {
          return new End(200, text.toString(), json.at("/error/code").asText());
        }
        text.append(json.at("/choices/0/text").asText());
      }
    }
    return new End(200, text.toString(), "the stream broke off without a word");
  }

  private long metric(String name) throws IOException {
    var http = (HttpURLConnection) URI.create(url + "/metrics").toURL().openConnection();
    try (var in = http.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    }
  }

  private void awaitMetric(String name, long value) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (metric(name) != value) {
      assertTrue(System.nanoTime() < end, name + " becomes " + value);
      assertTrue(processes.getFirst().isAlive(), "the front node lives");
      Thread.sleep(20);
    }
  }
}
