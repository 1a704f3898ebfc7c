// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.BackendStatus;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.trace.Tracing;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Tracer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The backends of this process: probed once each, opened when first needed, closed together. Any
/// thread.
public final class Devices implements AutoCloseable {
  /// The backend that every op can fall back to.
  public static final String FALLBACK = "cpu";

  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);

  private final List<BackendProvider> providers;
  private final AlcedoOptions options;
  private final Tracing tracing;
  private final Map<String, Availability> probed = new HashMap<>();
  private final Map<String, Backend> open = new LinkedHashMap<>();
  private final Map<Backend, VlmException> lost = new IdentityHashMap<>();
  private final Measurements measurements;
  private boolean isClosed;

  /// Over `providers`, which are sorted by preference.
  public Devices(List<BackendProvider> providers, AlcedoOptions options) {
    this.providers = providers;
    this.options = options;
    this.tracing = new Tracing(options.trace());
    this.measurements = new Measurements(options.cacheFolder());
  }

  /// Where the engine says what it does.
  public Tracer tracer() {
    return tracing;
  }

  /// What was measured on this machine.
  Measurements measurements() {
    return measurements;
  }

  /// Threads that a backend was told to use; 0 if it chose.
  int threadCount(String id) {
    return options.backend(id).threadCount();
  }

  /// A backend and why it was chosen.
  ///
  /// @param id of the provider
  /// @param reason one clause
  public record Choice(String id, Backend backend, String reason) {}

  /// Probes all backends, in order of preference.
  public synchronized List<BackendStatus> status() {
    return providers.stream().map(p -> new BackendStatus(p.id(), p.weight(), probe(p))).toList();
  }

  /// The backend called `id`, or with the highest weight among those available if none is asked
  /// for. Backends of weight 0 must be asked for.
  ///
  /// @throws BackendUnavailableException with reason and remedy, or all candidates with their
  ///   reasons
  public synchronized Choice choose(Optional<String> id) {
    if (id.isPresent()) {
      return replacedIfLost(new Choice(id.get(), openById(id.get()), "asked for"));
    }
    for (BackendProvider provider : providers) {
      if (provider.weight() > 0 && probe(provider) instanceof Availability.Available) {
        return replacedIfLost(
            new Choice(
                provider.id(), openById(provider.id()), "available, weight " + provider.weight()));
      }
    }
    throw new BackendUnavailableException("no backend can run here: " + reasons());
  }

  private Choice replacedIfLost(Choice choice) {
    VlmException cause = lost.get(choice.backend());
    Optional<Backend> other = cause == null ? Optional.empty() : fallback();
    return other.isEmpty()
        ? choice
        : new Choice(
            FALLBACK, other.get(), "%s failed: %s".formatted(choice.id(), cause.getMessage()));
  }

  /// Notes that a device failed, and says so once: from now on its work goes to the fallback.
  /// Nothing happens where there is no other backend to go to.
  public synchronized void lose(Backend backend, VlmException cause) {
    Optional<Backend> other = fallback();
    if (other.isPresent()
        && other.get() != backend
        && open.containsValue(backend)
        && lost.putIfAbsent(backend, cause) == null) {
      LOG.warn(
          "device '{}' failed, what follows runs on {}: {}",
          backend.device().name(),
          FALLBACK,
          cause.getMessage());
    }
  }

  /// Whether the work of `backend` has gone to the fallback.
  public synchronized boolean isLost(Backend backend) {
    return lost.containsKey(backend);
  }

  /// The backend that takes what another one does not support, where it is here.
  public synchronized Optional<Backend> fallback() {
    return providers.stream()
        .filter(p -> p.id().equals(FALLBACK) && probe(p) instanceof Availability.Available)
        .findFirst()
        .map(p -> openById(p.id()));
  }

  private Backend openById(String id) {
    if (isClosed) {
      throw new IllegalStateException("backend '%s': the engine is closed".formatted(id));
    }
    BackendProvider provider =
        providers.stream()
            .filter(p -> p.id().equals(id))
            .findFirst()
            .orElseThrow(() ->
                new BackendUnavailableException(
                    "no backend is called '%s'; known: %s".formatted(id, ids())));
    return switch (probe(provider)) {
      case Availability.Available available ->
          open.computeIfAbsent(
              id, _ -> provider.open(available.devices().getFirst(), options.backend(id)));
      case Availability.Unavailable(String reason, String remedy, Optional<Throwable> cause) ->
          throw new BackendUnavailableException(
              "backend '%s' cannot run here: %s; %s".formatted(id, reason, remedy),
              cause.orElse(null));
    };
  }

  private Availability probe(BackendProvider provider) {
    return probed.computeIfAbsent(
        provider.id(),
        id -> {
          Availability result = probeSafely(provider);
          LOG.debug("backend {}: {}", id, result);
          return result;
        });
  }

  /// A provider that breaks its promise and throws takes only itself out.
  private static Availability probeSafely(BackendProvider provider) {
    try {
      return provider.probe();
    } catch (RuntimeException | LinkageError e) {
      return new Availability.Unavailable(
          "its probe threw " + e,
          "update or remove the module of " + provider.getClass().getName(),
          Optional.of(e));
    }
  }

  private String ids() {
    return providers.stream().map(BackendProvider::id).collect(Collectors.joining(", "));
  }

  private String reasons() {
    return providers.isEmpty()
        ? "no backend module is on the module path; add backend-cpu"
        : providers.stream()
            .map(p -> "%s: %s".formatted(p.id(), reason(p)))
            .collect(Collectors.joining("; "));
  }

  private String reason(BackendProvider provider) {
    return switch (probe(provider)) {
      case Availability.Available _ -> "runs only when asked for by name";
      case Availability.Unavailable unavailable ->
          "%s (%s)".formatted(unavailable.reason(), unavailable.remedy());
    };
  }

  /// Closes all open backends.
  @Override
  public synchronized void close() {
    isClosed = true;
    List<Backend> all = List.copyOf(open.values());
    open.clear();
    Closing.closeAll(all);
  }
}
