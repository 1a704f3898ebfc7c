// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.spi.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which stages may overlap: those of different devices; on one device, embedding patches beside
/// the blocks if these leave a processor idle. With one core there is none, and all is in order.
class LaneTest {
  private final FakeBackend cpu = new FakeBackend("cpu", 100, Set.of());
  private final FakeBackend npu = new FakeBackend("npu", 300, Set.of());

  private Placer placer(Map<Stage, String> stages) {
    var devices = new Devices(List.of(npu, cpu), AlcedoOptions.DEFAULTS);
    return new Placer(
        devices, ModelOptions.of(Path.of("m.gguf")).withBackend("cpu").withStages(stages));
  }

  @Test
  void oneDeviceThatUsesAllProcessorsIsInOrder() {
    Placer placer = placer(Map.of());
    assertEquals(
        placer.lane(Stage.VISION_BLOCKS), placer.lane(Stage.VISION_PATCH_EMBED), "patches, blocks");
    assertEquals(
        placer.lane(Stage.VISION_BLOCKS), placer.lane(Stage.VISION_PROJECTOR), "blocks, projector");
  }

  @Test
  void patchesOverlapWithBlocksWhereAProcessorIsIdle() {
    cpu.leavesProcessorIdle = true;
    Placer placer = placer(Map.of());
    assertNotEquals(placer.lane(Stage.VISION_BLOCKS), placer.lane(Stage.VISION_PATCH_EMBED));
    assertEquals(placer.lane(Stage.VISION_BLOCKS), placer.lane(Stage.VISION_PROJECTOR));
  }

  @Test
  void devicesOverlapAlways() {
    Placer placer = placer(Map.of(Stage.VISION_BLOCKS, "npu"));
    assertNotEquals(placer.lane(Stage.VISION_BLOCKS), placer.lane(Stage.VISION_PATCH_EMBED));
    assertNotEquals(placer.lane(Stage.VISION_BLOCKS), placer.lane(Stage.VISION_PROJECTOR));
  }
}
