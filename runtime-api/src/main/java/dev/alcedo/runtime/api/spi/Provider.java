// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// What all providers have in common. An implementation has a public no-arg constructor that loads
/// nothing and starts nothing; its methods may be called by any thread.
public interface Provider {
  /// Stable lower-case name, unique among the providers of one kind; `[a-z0-9][a-z0-9._-]*`. Names
  /// without a dot are reserved for Alcedo's own.
  String id();

  /// Preference among those that can do a thing, higher first; ties are broken by id. Weights in
  /// use: backends apu 300, gpu 200, cpu 100; tokenizers, encoders and schedulers 100; 0 means only
  /// when asked for by id.
  default int weight() {
    return 100;
  }
}
