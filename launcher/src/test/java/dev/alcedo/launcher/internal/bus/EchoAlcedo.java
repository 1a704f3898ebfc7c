// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.BackendStatus;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.MemoryPlan;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelContents;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.ModelStatistics;
import dev.alcedo.runtime.api.Perplexity;
import dev.alcedo.runtime.api.Placement;
import dev.alcedo.runtime.api.PromptTemplate;
import dev.alcedo.runtime.api.QuantizeOptions;
import dev.alcedo.runtime.api.QuantizeReport;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.SyntheticModel;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// An engine for tests of the bus and the commands: its models answer with the question. Files
/// called `broken.gguf` are broken, models of files called `mute.gguf` never answer.
public final class EchoAlcedo implements Alcedo {
  /// Models that are loaded and not closed.
  final AtomicInteger openModelCount = new AtomicInteger();

  /// Sessions that are open.
  final AtomicInteger openSessionCount = new AtomicInteger();

  /// Whether somebody closed this engine.
  volatile boolean isClosed;

  /// Nothing is open.
  public EchoAlcedo() {}

  @Override
  public List<BackendStatus> backends() {
    var device =
        new DeviceInfo("0", "Some CPU", "Java 25", 8L << 30, List.of("vectors of 256 bits"));
    return List.of(
        new BackendStatus(
            "gpu",
            200,
            new Availability.Unavailable("no libOpenCL.so", "install one", Optional.empty())),
        new BackendStatus("cpu", 100, new Availability.Available(List.of(device))));
  }

  @Override
  public Model load(ModelOptions options, Progress progress) {
    check(options.model());
    progress.report("load", 0, 10);
    progress.report("load", 10, 10);
    openModelCount.incrementAndGet();
    return new EchoModel(options);
  }

  @Override
  public ModelInfo inspect(ModelOptions options) {
    check(options.model());
    return info(options);
  }

  @Override
  public Tokenizer tokenizer(Path model) {
    check(model);
    return new CharTokenizer();
  }

  @Override
  public PromptTemplate template(String name, String jinja) {
    try (Alcedo engine = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      return engine.template(name, jinja);
    }
  }

  @Override
  public ModelContents contents(Path file) {
    check(file);
    return new ModelContents(
        1000,
        new Metadata(
            file.toString(),
            Map.of(
                "general.architecture",
                "echo",
                "echo.bias",
                new double[] {1, 2},
                "tokenizer.chat_template",
                "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{{ '>' if add_generation_prompt }}",
                "tokenizer.chat_template.tool_use",
                "{{ tools | tojson }}{{ strftime_now('%Y-%m-%d') }}")),
        List.of(new ModelContents.Tensor("w", DType.Q8_0, Shape.of(2, 32), 68)),
        List.of(
            new ModelContents.Part("family", "echo", true),
            new ModelContents.Part("tokenizer", "none; known: characters", false)));
  }

  @Override
  public QuantizeReport quantize(
      QuantizeOptions options, Progress progress, Cancellation cancellation) {
    check(options.input());
    progress.report("quantize", 0, 10);
    if (options.output().getFileName().toString().equals("endless.gguf")) {
      while (true) {
        cancellation.check();
        Thread.onSpinWait();
      }
    }
    progress.report("quantize", 10, 10);
    return new QuantizeReport(
        options.type().orElse("preset"), 10, 5, 2, 1, Map.of("Q4_0", 5L), List.of("a note"));
  }

  @Override
  public void synthesize(SyntheticModel model, Path target, Progress progress) {
    throw new IllegalStateException("nobody writes files over the bus");
  }

  @Override
  public void close() {
    isClosed = true;
  }

  private static void check(Path file) {
    if (file.getFileName().toString().equals("broken.gguf")) {
      throw new ModelFormatException(file + ": expected a GGUF file, got something else");
    }
  }

  private static ModelInfo info(ModelOptions options) {
    return new ModelInfo(
        options.model().getFileName().toString(),
        "echo",
        "characters",
        "none",
        "",
        64,
        64,
        Map.of("Q8_0", 68L),
        new MemoryPlan(68, 0, 10, 20, 0, 0, 0, List.of()),
        List.of(new Placement(Stage.TEXT_DECODE, "cpu", "Some CPU", 3, List.of(), "the only one")));
  }

  private final class EchoModel implements Model {
    private final Set<String> handles = ConcurrentHashMap.newKeySet();
    private final ModelOptions options;

    EchoModel(ModelOptions options) {
      this.options = options;
    }

    @Override
    public ModelInfo info() {
      return EchoAlcedo.info(options);
    }

    @Override
    public ModelStatistics statistics() {
      return new ModelStatistics(5, 3, 2, 1000, 4000, openSessionCount.get(), 77);
    }

    @Override
    public Tokenizer tokenizer() {
      return new CharTokenizer();
    }

    @Override
    public Image prepare(byte[] image) {
      if (image.length == 0) {
        throw new InvalidRequestException("picture: expected a picture, got 0 bytes");
      }
      handles.add("hash" + image.length);
      return new EchoImage("hash" + image.length);
    }

    @Override
    public Image prepared(String handle) {
      if (!handles.contains(handle)) {
        throw new InvalidRequestException("picture handle '%s': expired".formatted(handle));
      }
      return new EchoImage(handle);
    }

    @Override
    public void discard(String handle) {}

    @Override
    public Session openSession() {
      openSessionCount.incrementAndGet();
      return new EchoSession(
          options.model().getFileName().toString().equals("mute.gguf"),
          openSessionCount::decrementAndGet);
    }

    @Override
    public double[] logProbabilities(int[] tokens, int from, Cancellation cancellation) {
      return new double[tokens.length - from];
    }

    /// One chunk for each character.
    @Override
    public Perplexity perplexity(
        String text, int chunkLength, Consumer<Perplexity> onChunk, Cancellation cancellation) {
      var result = new Perplexity(0, 0, 0, 1, 0);
      for (int i = 1; i <= text.length(); i++) {
        result = new Perplexity(i, text.length(), i * chunkLength, 1.5, 0.25);
        onChunk.accept(result);
      }
      return result;
    }

    @Override
    public void close() {
      openModelCount.decrementAndGet();
    }
  }

  private record EchoImage(String contentHash) implements Image {
    @Override
    public String handle() {
      return contentHash;
    }

    @Override
    public ImageReport report() {
      return new ImageReport(640, 480, 2, 1, true, 3, 75, Duration.ZERO, Duration.ZERO);
    }

    @Override
    public boolean isEncoded() {
      return true;
    }

    @Override
    public ImageReport await() {
      return new ImageReport(
          640, 480, 2, 1, true, 3, 75, Duration.ofMillis(5), Duration.ofMillis(100));
    }
  }
}
