// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenListener;
import dev.alcedo.runtime.api.VlmException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Notes what it hears, one line an event; tokens are numbered from 1.
class RecordingListener implements TokenListener {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private int tokenCount;

  List<String> events() {
    return events;
  }

  /// Takes one event.
  void heard(String event) {
    events.add(event);
  }

  @Override
  public void token(Token token) {
    heard("token " + ++tokenCount);
  }

  @Override
  public void report(String step, long done, long total) {
    heard("%s %d/%d".formatted(step, done, total));
  }

  @Override
  public void finished(Answer answer) {
    heard("finished " + answer.reason());
  }

  @Override
  public void failed(VlmException cause) {
    heard("failed " + cause.code());
  }
}
