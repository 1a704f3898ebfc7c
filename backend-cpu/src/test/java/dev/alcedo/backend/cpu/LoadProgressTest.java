// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a listener hears while a model is loaded.
class LoadProgressTest {
  @TempDir Path folder;

  /// The file's 14 or more repacked matrices are used by two graphs and told of once, each when it
  /// is in place.
  @Test
  void repackedWeightsAreToldOfOneByOne() {
    List<Long> heard = load(DType.Q4_0);
    assertTrue(heard.size() >= 14, heard + "");
    for (int i = 1; i < heard.size(); i++) {
      assertTrue(heard.get(i) >= heard.get(i - 1), heard + "");
    }
    long half = heard.getLast() / 2;
    assertTrue(
        heard.stream().filter(done -> done > half / 4 && done < half).count() >= 2, heard + "");
  }

  @Test
  void weightsThatStayWhereTheyAreNeedNoNews() {
    assertEquals(2, load(DType.Q8_0).stream().distinct().count());
  }

  private List<Long> load(DType dtype) {
    Path file = folder.resolve("model.gguf");
    ToyText.small(dtype).gguf().write().writeTo(file);
    List<Long> heard = new ArrayList<>();
    var totals = new ArrayList<Long>();
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS);
        Model _ =
            alcedo.load(
                ModelOptions.of(file).withBackend("cpu"),
                (step, done, total) -> {
                  assertEquals("load", step);
                  heard.add(done);
                  totals.add(total);
                })) {
      assertEquals(1, totals.stream().distinct().count());
      assertEquals(0, heard.getFirst());
      assertEquals(totals.getFirst(), heard.getLast());
      return heard;
    }
  }
}
