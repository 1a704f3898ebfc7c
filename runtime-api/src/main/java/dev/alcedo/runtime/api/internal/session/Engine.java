// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.BackendStatus;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelContents;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptTemplate;
import dev.alcedo.runtime.api.QuantizeOptions;
import dev.alcedo.runtime.api.QuantizeReport;
import dev.alcedo.runtime.api.SyntheticModel;
import dev.alcedo.runtime.api.TraceListener;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.internal.plan.Closing;
import dev.alcedo.runtime.api.internal.plan.Devices;
import dev.alcedo.runtime.api.internal.plan.Providers;
import dev.alcedo.runtime.api.internal.quantise.Quantiser;
import dev.alcedo.runtime.api.internal.synth.Synthesis;
import dev.alcedo.runtime.api.internal.template.jinja.Jinja;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The engine behind [Alcedo].
public final class Engine implements Alcedo {
  private final Providers providers;
  private final Devices devices;
  private final TraceListener trace;
  private final Set<LoadedModel> models = ConcurrentHashMap.newKeySet();
  private boolean isClosed;

  /// Finds providers; opens no device.
  public Engine(AlcedoOptions options) {
    this(Providers.find(), options);
  }

  /// Finds providers and takes `backends` besides; opens no device.
  public Engine(AlcedoOptions options, List<BackendProvider> backends) {
    this(Providers.find().withBackends(backends), options);
  }

  /// Over given providers, for tests.
  Engine(Providers providers, AlcedoOptions options) {
    this.providers = providers;
    this.devices = new Devices(providers.backends(), options);
    this.trace = options.trace();
  }

  @Override
  public List<BackendStatus> backends() {
    return devices.status();
  }

  @Override
  public Model load(ModelOptions options, Progress progress) {
    ModelParts parts = new ModelLoader(providers, devices, options).load(progress);
    var model = new LoadedModel(parts, models::remove);
    if (!add(model)) {
      model.close();
      throw new IllegalStateException("the engine was closed while a model was loaded");
    }
    return model;
  }

  private synchronized boolean add(LoadedModel model) {
    return !isClosed && models.add(model);
  }

  @Override
  public ModelInfo inspect(ModelOptions options) {
    return new ModelLoader(providers, devices, options).inspect();
  }

  @Override
  public Tokenizer tokenizer(Path model) {
    try (ModelFile file = GgufFile.open(model)) {
      return ModelLoader.tokenizer(providers, file.metadata());
    }
  }

  @Override
  public PromptTemplate template(String name, String jinja) {
    Jinja template = Jinja.parse(name, jinja);
    return (variables, now) -> template.render(variables, now).string();
  }

  @Override
  public ModelContents contents(Path path) {
    return new FileReport(providers).read(path);
  }

  @Override
  public QuantizeReport quantize(
      QuantizeOptions quantize, Progress progress, Cancellation cancellation) {
    Backend reader =
        devices
            .fallback()
            .orElseThrow(() ->
                new BackendUnavailableException(
                    "quantising reads weights with the backend '%s', which cannot run here; add backend-cpu to the module path"
                        .formatted(Devices.FALLBACK)));
    return new Quantiser(reader, quantize, progress, cancellation).run();
  }

  @Override
  public void synthesize(SyntheticModel model, Path target, Progress progress) {
    Synthesis.write(model, target, progress);
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    List<AutoCloseable> all = new ArrayList<>(models);
    all.add(devices);
    all.add(trace);
    Closing.closeAll(all);
  }
}
