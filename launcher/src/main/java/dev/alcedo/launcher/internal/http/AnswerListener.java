// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.StreamEvent;

/// Hears of an answer while it is made. On the call's thread.
interface AnswerListener {
  /// A token, or progress.
  void event(StreamEvent event);

  /// The engine is lost and another begins anew: forgets the tokens so far.
  ///
  /// @return false if its client was sent some of them
  boolean restart();
}
