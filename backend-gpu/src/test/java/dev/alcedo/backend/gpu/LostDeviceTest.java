// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A whole model on a simulated device that fails in the middle: the request fails and says what
/// happened, and what follows runs on cpu and answers as cpu does.
@ExtendWith(Seeds.class)
class LostDeviceTest {
  @TempDir static Path directory;

  @BeforeAll
  static void compiler() {
    FakeOpenCl.assumeCompiler();
  }

  /// The real provider on the simulated library, under a name of its own beside the service.
  private record Simulated(GpuBackendProvider real) implements BackendProvider {
    @Override
    public String id() {
      return "gpu-simulated";
    }

    @Override
    public Availability probe() {
      return real.probe();
    }

    @Override
    public Backend open(DeviceInfo device, BackendOptions options) {
      return real.open(device, options);
    }
  }

  @Test
  void requestFailsAndTheNextOneRunsOnCpu() throws Exception {
    String library = new FakeOpenCl(directory).library("WORKS");
    var provider =
        new Simulated(new GpuBackendProvider(Map.of(LibraryNames.VARIABLE, library), "Linux"));
    Path file = ToyText.small(DType.F32).writeTo(directory.resolve("toy.gguf"));
    Request request = request();
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(provider));
        Model onCpu = alcedo.load(ModelOptions.of(file).withBackend("cpu"), Progress.NONE);
        Model onGpu =
            alcedo.load(ModelOptions.of(file).withBackend("gpu-simulated"), Progress.NONE)) {
      List<Integer> expected = ids(onCpu, request);
      assertEquals(8, ids(onGpu, request).size(), "the device works, though it computes nothing");
      try (Session session = onGpu.openSession()) {
        FakeOpenCl.loseAfter(library, 9); // a token takes two or three
        TokenStream stream = session.generate(request);
        var e = assertThrows(BackendException.class, () -> drain(stream));
        assertTrue(e.getMessage().contains("-5 (CL_OUT_OF_RESOURCES)"), e.getMessage());
        assertEquals(expected, drain(session.generate(request)), "the same session, on cpu");
      }
      assertEquals(expected, ids(onGpu, request), "a new session, on cpu");
    } finally {
      FakeOpenCl.loseAfter(library, -1);
    }
  }

  private static Request request() {
    int[] ids = {1, 300, 290, 310, 305, 299};
    return new Request.Completion(
        List.of(new PromptPart.Tokens(ids)),
        new GenerationOptions(8, 0, 0, 1, 0, 1, 64, 0, List.of(), true, 1));
  }

  private static List<Integer> ids(Model model, Request request) {
    try (Session session = model.openSession()) {
      return drain(session.generate(request));
    }
  }

  private static List<Integer> drain(TokenStream stream) {
    List<Integer> ids = new ArrayList<>();
    for (Optional<Token> token = stream.next(); token.isPresent(); token = stream.next()) {
      ids.add(token.get().id());
    }
    stream.await();
    return ids;
  }
}
