// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.BusException;
import dev.alcedo.launcher.internal.bus.FailureKind;
import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Answers the lines of a file of requests, one line of JSON for each, in their order. A line that
/// fails is answered with what was the matter, and the next is taken.
final class CompletionBatch {
  private final Completion completion;
  private final GenerationSpec generation;
  private final Console console;

  CompletionBatch(Completion completion, GenerationSpec generation, Console console) {
    this.completion = completion;
    this.generation = generation;
    this.console = console;
  }

  /// Answers every line that is not blank; returns the status of the first that failed.
  ///
  /// @throws BusException if it was interrupted
  ExitStatus run(List<String> lines) {
    ExitStatus status = ExitStatus.OK;
    for (String line : lines) {
      if (line.isBlank()) {
        continue;
      }
      try {
        console.println(Json.text(answer(CompletionLine.parse(line))));
      } catch (InvalidRequestException e) {
        status = failed(status, FailureKind.of(e), FailureKind.message(e));
      } catch (BusException e) {
        if (e.kind() == FailureKind.CANCELLED) {
          throw e;
        }
        status = failed(status, e.kind(), String.valueOf(e.getMessage()));
      }
    }
    return status;
  }

  private Map<String, Object> answer(CompletionLine line) {
    return completion.json(
        line.prompt(),
        line.prompt().pictures(),
        line.maxTokens().map(generation::withMaxTokens).orElse(generation));
  }

  private ExitStatus failed(ExitStatus status, FailureKind kind, String message) {
    var out = new LinkedHashMap<String, Object>();
    out.put("error", kind.code());
    out.put("message", message);
    console.println(Json.text(out));
    return status == ExitStatus.OK ? ExitStatus.of(kind) : status;
  }
}
