// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TileBatchTest {
  private final TileBatch converter = new TileBatch();

  @Test
  void numbersAndAuto() {
    assertEquals(1, converter.convert("1"));
    assertEquals(64, converter.convert("64"));
    assertEquals(ImageOptions.TILE_BATCH_MEASURED, converter.convert("auto"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65", "-1", "Auto", "", "4x", "99999999999"})
  void whatIsNeitherIsRefused(String text) {
    var refused = assertThrows(TypeConversionException.class, () -> converter.convert(text));
    assertTrue(refused.getMessage().contains("expected 1 to 64 or auto, got '" + text + "'"));
  }
}
