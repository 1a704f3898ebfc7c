// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.ModelStatistics;
import dev.alcedo.runtime.api.Statistics;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/// What the server counts: requests, tokens, times. No text, picture or name of a client is among
/// it. Any thread.
final class Metrics {
  private static final String OTHER = "other";

  private record Kind(String path, int status) {}

  private final Set<String> paths = ConcurrentHashMap.newKeySet();
  private final Map<Kind, LongAdder> requests = new ConcurrentHashMap<>();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder cachedTokens = new LongAdder();
  private final LongAdder imageTokens = new LongAdder();
  private final LongAdder generatedTokens = new LongAdder();
  private final LongAdder images = new LongAdder();
  private final LongAdder prefixHits = new LongAdder();
  private final LongAdder prefixMisses = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final Histogram queueTimes = new Histogram();
  private final Histogram firstTokenTimes = new Histogram();
  private final Histogram decodeTimes = new Histogram();

  /// Counts a path under its own name; those that nobody answers are counted together, so that
  /// clients cannot make up names.
  void know(String path) {
    paths.add(path);
  }

  /// A request has ended.
  ///
  /// @param status 499 if its client left
  void ended(String path, int status) {
    requests
        .computeIfAbsent(
            new Kind(paths.contains(path) ? path : OTHER, status), _ -> new LongAdder())
        .increment();
  }

  /// A request has got its slot.
  void began(Duration queueTime) {
    queueTimes.add(queueTime);
  }

  /// A request is asked again because its worker is lost.
  void retried() {
    retries.increment();
  }

  /// An answer is complete.
  void answered(StreamEvent.Done done) {
    Statistics statistics = done.statistics();
    promptTokens.add(statistics.promptTokenCount());
    cachedTokens.add(statistics.reusedTokenCount());
    (statistics.reusedTokenCount() > 0 ? prefixHits : prefixMisses).increment();
    imageTokens.add(statistics.imageTokenCount());
    images.add(statistics.imageCount());
    generatedTokens.add(statistics.generatedTokenCount());
    firstTokenTimes.add(statistics.timeToFirstToken());
    decodeTimes.add(statistics.decodeTime());
  }

  /// All of it, in Prometheus's text format.
  ///
  /// @param models what each engine's model holds
  String text(Gate gate, Connections connections, BodyReader bodies, List<ModelStatistics> models) {
    var out = new Exposition();
    out.family("alcedo_requests_total", "counter", "Requests that ended; 499: their clients left.");
    requests.entrySet().stream()
        .sorted(
            Map.Entry.comparingByKey(Comparator.comparing(Kind::path).thenComparing(Kind::status)))
        .forEach(entry ->
            out.sample(
                "alcedo_requests_total",
                "path=\"%s\",status=\"%d\""
                    .formatted(entry.getKey().path(), entry.getKey().status()),
                entry.getValue().sum()));
    gauges(out, gate, connections, bodies);
    counter(
        out, "alcedo_prompt_tokens", "Prompt tokens of answers, images included.", promptTokens);
    counter(
        out, "alcedo_cached_tokens", "Prompt tokens that were not computed again.", cachedTokens);
    counter(out, "alcedo_image_tokens", "Image tokens among the prompt tokens.", imageTokens);
    counter(out, "alcedo_images", "Pictures in prompts of answers.", images);
    counter(out, "alcedo_prefix_hits", "Answers whose prompts were cached in part.", prefixHits);
    counter(out, "alcedo_prefix_misses", "Answers whose prompts were not.", prefixMisses);
    counter(out, "alcedo_retries", "Requests asked again because a worker was lost.", retries);
    caches(out, models);
    counter(out, "alcedo_generated_tokens", "Tokens that were generated.", generatedTokens);
    queueTimes.write(out, "alcedo_queue_seconds", "From a request's body to its slot.");
    firstTokenTimes.write(
        out, "alcedo_time_to_first_token_seconds", "From a slot to the first token.");
    decodeTimes.write(out, "alcedo_decode_seconds", "From the first token to the last.");
    memory(out);
    return out.text();
  }

  private static void counter(Exposition out, String name, String help, LongAdder value) {
    out.single(name + "_total", "counter", help, value.sum());
  }

  private static void caches(Exposition out, List<ModelStatistics> models) {
    sum(
        out,
        "alcedo_image_cache_hits_total",
        "counter",
        "Pictures that were known.",
        models,
        ModelStatistics::imageHits);
    sum(
        out,
        "alcedo_image_cache_misses_total",
        "counter",
        "Pictures to be encoded.",
        models,
        ModelStatistics::imageMisses);
    sum(
        out,
        "alcedo_image_cache_pictures",
        "gauge",
        "Pictures that are kept.",
        models,
        ModelStatistics::imageCount);
    sum(
        out,
        "alcedo_image_cache_bytes",
        "gauge",
        "Image tokens that are kept.",
        models,
        ModelStatistics::imageBytes);
    sum(
        out,
        "alcedo_image_cache_max_bytes",
        "gauge",
        "What these may grow to.",
        models,
        ModelStatistics::imageBytesMax);
    sum(
        out,
        "alcedo_sessions",
        "gauge",
        "Sessions that are open.",
        models,
        ModelStatistics::sessionCount);
    sum(
        out,
        "alcedo_prefix_cache_bytes",
        "gauge",
        "KV caches of these sessions.",
        models,
        ModelStatistics::kvBytes);
  }

  private static void sum(
      Exposition out,
      String name,
      String type,
      String help,
      List<ModelStatistics> models,
      ToLongFunction<ModelStatistics> value) {
    out.single(name, type, help, models.stream().mapToLong(value).sum());
  }

  private static void gauges(
      Exposition out, Gate gate, Connections connections, BodyReader bodies) {
    out.single("alcedo_engines", "gauge", "Engines that answer.", gate.engines().size());
    out.single("alcedo_slots", "gauge", "Requests that can run at a time.", gate.slotCount());
    out.single("alcedo_requests_running", "gauge", "Requests in a slot.", gate.runningCount());
    out.single(
        "alcedo_requests_waiting",
        "gauge",
        "Requests taken in that are in no slot.",
        Math.max(0, gate.insideCount() - gate.runningCount()));
    out.single("alcedo_connections", "gauge", "Connections that are open.", connections.count());
    out.single("alcedo_body_bytes", "gauge", "Bodies in memory.", bodies.bytesHeld());
  }

  private static void memory(Exposition out) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    out.single("alcedo_heap_bytes", "gauge", "Java's heap in use.", heap.getUsed());
    out.single("alcedo_heap_max_bytes", "gauge", "Java's heap at most.", heap.getMax());
    out.family("alcedo_buffer_bytes", "gauge", "Memory outside of the heap, by kind.");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      String kind = pool.getName().replaceAll("[^a-z]+", "-");
      out.sample("alcedo_buffer_bytes", "kind=\"" + kind + "\"", pool.getMemoryUsed());
    }
    out.single(
        "alcedo_threads",
        "gauge",
        "Platform threads.",
        ManagementFactory.getThreadMXBean().getThreadCount());
  }
}
