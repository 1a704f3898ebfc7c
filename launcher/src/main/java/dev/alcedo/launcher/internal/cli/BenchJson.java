// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bench.BenchPlan;
import dev.alcedo.launcher.internal.bench.BenchResult;
import dev.alcedo.launcher.internal.bench.Spread;
import dev.alcedo.launcher.internal.config.Machine;
import dev.alcedo.runtime.api.ModelInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The object that `bench --json` prints, see `docs/cli.md`.
final class BenchJson {
  private BenchJson() {}

  static Map<String, Object> of(
      Machine machine, ModelInfo model, BenchPlan plan, List<BenchResult> results) {
    var out = new LinkedHashMap<String, Object>();
    out.put("machine", machine(machine));
    out.put("model", model(model, plan));
    out.put("results", results.stream().map(r -> result(r, plan)).toList());
    return out;
  }

  private static Map<String, Object> machine(Machine machine) {
    var out = new LinkedHashMap<String, Object>();
    out.put("cpu", machine.cpu());
    out.put("processors", machine.processors());
    out.put("memoryBytes", machine.memoryBytes());
    out.put("os", machine.os());
    out.put("java", machine.java());
    out.put("javaFlags", machine.javaFlags());
    return out;
  }

  private static Map<String, Object> model(ModelInfo model, BenchPlan plan) {
    var out = new LinkedHashMap<String, Object>();
    out.put("file", plan.model().model().toString());
    out.put("name", model.name());
    out.put("family", model.family());
    out.put("dtypeBytes", model.dtypeBytes());
    out.put("contextLength", model.contextLength());
    out.put("backends", BenchText.backends(model));
    return out;
  }

  private static Map<String, Object> result(BenchResult result, BenchPlan plan) {
    var out = new LinkedHashMap<String, Object>();
    switch (result) {
      case BenchResult.Load load -> {
        out.put("test", "load");
        out.put("loadSeconds", load.load().toNanos() / 1e9);
        out.put("firstTokenSeconds", load.firstToken().toNanos() / 1e9);
      }
      case BenchResult.Speed speed -> {
        out.put("test", speed.test().name());
        out.put("prompt", speed.test().prompt());
        out.put("decode", speed.test().decode());
        out.put("depth", speed.test().depth());
        put(out, "tokensPerSecond", speed.tokensPerSecond());
        if (speed.allocatedBytesPerToken() >= 0) {
          out.put("allocatedBytesPerToken", speed.allocatedBytesPerToken());
        }
      }
      case BenchResult.Encode encode -> {
        out.put("test", "encode");
        out.put("width", encode.picture().width());
        out.put("height", encode.picture().height());
        out.put("tiles", encode.tileCount());
        out.put("imageTokens", encode.tokenCount());
        put(out, "secondsPerTile", encode.secondsPerTile());
        out.put("prepareSeconds", encode.prepareSeconds());
      }
    }
    out.put("threads", result.threads());
    if (!(result instanceof BenchResult.Load)) {
      out.put("repetitions", plan.repetitions());
    }
    out.put("peakMemoryBytes", result.peakMemoryBytes());
    return out;
  }

  private static void put(Map<String, Object> out, String name, Spread value) {
    out.put(name, value.median());
    out.put(name + "Min", value.min());
    out.put(name + "Max", value.max());
  }
}
