// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Statistics;
import dev.alcedo.runtime.api.spi.ImageReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The object that `complete --json` prints. Times are seconds, rates are per second.
final class CompletionJson {
  private CompletionJson() {}

  static Map<String, Object> of(List<StreamEvent.Token> steps, StreamEvent.Done done) {
    var out = new LinkedHashMap<String, Object>();
    out.put("promptTokens", done.statistics().promptTokenCount());
    out.put("steps", steps.stream().map(CompletionJson::step).toList());
    out.put("text", done.text());
    out.put("reason", done.reason().name().toLowerCase(Locale.ROOT));
    out.put("timings", timings(done));
    return out;
  }

  private static Map<String, Object> step(StreamEvent.Token token) {
    var out = new LinkedHashMap<String, Object>();
    out.put("id", token.id());
    out.put("text", token.text());
    out.put("top", token.top().stream().map(c -> List.of(c.id(), c.logProbability())).toList());
    return out;
  }

  private static Map<String, Object> timings(StreamEvent.Done done) {
    Statistics s = done.statistics();
    var out = new LinkedHashMap<String, Object>();
    out.put("timeToFirstToken", seconds(s.timeToFirstToken()));
    out.put("reusedTokens", s.reusedTokenCount());
    out.put("imageTokens", s.imageTokenCount());
    out.put("tiles", done.images().stream().mapToInt(ImageReport::tileCount).sum());
    out.put("imageWaitSeconds", seconds(done.statistics().imageWait()));
    out.put("imageSeconds", done.images().stream().mapToDouble(i -> seconds(i.encodeTime())).sum());
    out.put("prefillSeconds", seconds(s.prefillTime()));
    out.put("prefillRate", s.prefillRate());
    out.put("decodeSeconds", seconds(s.decodeTime()));
    out.put("grammarSeconds", seconds(s.grammarTime()));
    out.put("decodeRate", s.decodeRate());
    out.put("peakMemoryBytes", done.peakMemoryBytes());
    out.put("residentMemoryBytes", done.residentMemoryBytes());
    return out;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
