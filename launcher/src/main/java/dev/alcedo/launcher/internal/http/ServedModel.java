// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.runtime.api.ModelInfo;
import java.time.Instant;

/// The model that is served, whichever engines have it.
final class ServedModel {
  private final Gate gate;
  private final String givenName;
  private final Instant since = Instant.now();

  /// @param givenName empty to call it as its engines do
  ServedModel(Gate gate, String givenName) {
    this.gate = gate;
    this.givenName = givenName;
  }

  /// What requests call it.
  ///
  /// @throws HttpFailure if only engines know it and there is none
  String name() {
    return givenName.isEmpty() ? gate.any().name() : givenName;
  }

  /// An engine that has it.
  ///
  /// @throws HttpFailure if there is none
  Engine engine() {
    return gate.any();
  }

  /// What it is.
  ///
  /// @throws HttpFailure if there is no engine
  ModelInfo info() {
    return gate.any().info();
  }

  /// Since when it is served.
  Instant since() {
    return since;
  }
}
