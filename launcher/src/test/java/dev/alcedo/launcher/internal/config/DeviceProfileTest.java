// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.spi.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class DeviceProfileTest {
  @TempDir Path folder;

  @Test
  void whatIsNamedComesBeforeTheProfile() throws Exception {
    DeviceProfile profile =
        read(
            "{\"device\": \"d\", \"stages\": {\"text.prefill\": \"apu\", \"text.decode\": \"cpu\"}}");
    assertEquals(
        Map.of("text.prefill", "gpu", "text.decode", "cpu"),
        profile.with(Map.of("text.prefill", "gpu")));
  }

  @Test
  void theTileBatchIsOptional() throws Exception {
    assertNull(read("{\"stages\": {}}").tileBatch());
    assertEquals(6, read("{\"stages\": {}, \"tileBatch\": 6}").tileBatch());
    assertEquals(
        ImageOptions.TILE_BATCH_MEASURED,
        read("{\"stages\": {}, \"tileBatch\": \"auto\"}").tileBatch());
  }

  @Test
  void allExamplesNameAllStages() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("..", "examples", "device-profiles"))) {
      var profiles = files.filter(file -> file.toString().endsWith(".json")).toList();
      assertTrue(profiles.size() >= 7, profiles.toString());
      for (Path file : profiles) {
        DeviceProfile profile = new DeviceProfile.Reader().convert(file.toString());
        for (Stage stage : Stage.values()) {
          assertTrue(profile.stages().containsKey(stage.id()), file + " " + stage.id());
        }
        assertEquals(Stage.values().length, profile.stages().size(), file.toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"stages": {}, "stage": 1} | unknown key 'stage'; known: [device, known, soc, stages, tileBatch, unverified]
          {"stages": {}, "tileBatch": 65} | 'tileBatch': expected 1 to 64 or auto, got '65'
          {"stages": {}, "tileBatch": [4]} | 'tileBatch': expected 1 to 64 or auto, got
          {"stages": {"text.decode": 7}} | stage 'text.decode': expected a backend's id, got 7
          {"stages": []} | expected an object with 'stages', an object
          [] | expected an object with 'stages', an object
          {"stages": {} | it is no JSON: Unexpected end-of-input
          {"stages": {}, "stages": {}} | it is no JSON: Duplicate field 'stages'
          """)
  void brokenProfilesAreNamed(String json, String expected) {
    var e = assertThrows(TypeConversionException.class, () -> read(json));
    assertTrue(e.getMessage().startsWith("device profile '"), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void missingFileIsNamed() {
    var e =
        assertThrows(
            TypeConversionException.class,
            () -> new DeviceProfile.Reader().convert("no-such.json"));
    assertEquals("device profile 'no-such.json': it cannot be read: no-such.json", e.getMessage());
  }

  private DeviceProfile read(String json) throws Exception {
    Path file = Files.writeString(folder.resolve("profile.json"), json);
    return new DeviceProfile.Reader().convert(file.toString());
  }
}
