// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Provider;
import dev.alcedo.runtime.api.spi.SchedulerProvider;
import dev.alcedo.runtime.api.spi.TokenizerProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/// The providers on the module path, each kind sorted by weight (higher first), then id. The only
/// class that calls `ServiceLoader`.
///
/// @param backends kinds of compute
/// @param tokenizers kinds of tokenizers
/// @param encoders kinds of image encoders
/// @param schedulers policies for sharing a model
public record Providers(
    List<BackendProvider> backends,
    List<TokenizerProvider> tokenizers,
    List<EncoderProvider> encoders,
    List<SchedulerProvider> schedulers) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]*");
  private static final Comparator<Provider> PREFERENCE =
      Comparator.comparingInt(Provider::weight).reversed().thenComparing(Provider::id);

  /// Copies and sorts the lists.
  ///
  /// @throws IllegalStateException if an id is malformed or taken twice; names the classes
  public Providers {
    backends = sorted("backend", backends);
    tokenizers = sorted("tokenizer", tokenizers);
    encoders = sorted("encoder", encoders);
    schedulers = sorted("scheduler", schedulers);
  }

  /// Those that `ServiceLoader` finds.
  ///
  /// @throws IllegalStateException if an id is malformed or taken twice; names the classes
  public static Providers find() {
    return new Providers(
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList(),
        ServiceLoader.load(TokenizerProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList(),
        ServiceLoader.load(EncoderProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList(),
        ServiceLoader.load(SchedulerProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  /// These providers and more backends.
  ///
  /// @throws IllegalStateException if an id is malformed or taken twice; names the classes
  public Providers withBackends(List<BackendProvider> more) {
    List<BackendProvider> all = new ArrayList<>(backends);
    all.addAll(more);
    return new Providers(all, tokenizers, encoders, schedulers);
  }

  private static <P extends Provider> List<P> sorted(String kind, List<P> providers) {
    Map<String, P> byId = new HashMap<>();
    for (P provider : providers) {
      String id = provider.id();
      if (!ID.matcher(id).matches()) {
        throw new IllegalStateException(
            "%s provider %s: id '%s' does not match %s"
                .formatted(kind, provider.getClass().getName(), id, ID));
      }
      P other = byId.putIfAbsent(id, provider);
      if (other != null) {
        throw new IllegalStateException(
            "two %s providers are called '%s': %s and %s"
                .formatted(kind, id, other.getClass().getName(), provider.getClass().getName()));
      }
    }
    var list = new ArrayList<P>(providers);
    list.sort(PREFERENCE);
    return List.copyOf(list);
  }
}
