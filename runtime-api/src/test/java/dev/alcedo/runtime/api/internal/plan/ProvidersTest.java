// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProvidersTest {
  /// A backend that says whether it is there and cannot be opened.
  private record Absent(String id, int weight) implements BackendProvider {
    @Override
    public Availability probe() {
      return new Availability.Unavailable(id + " is missing", "buy one", Optional.empty());
    }

    @Override
    public Backend open(DeviceInfo device, BackendOptions options) {
      throw new AssertionError("an unavailable backend is never opened");
    }
  }

  private static Providers of(BackendProvider... backends) {
    return new Providers(List.of(backends), List.of(), List.of(), List.of());
  }

  @Test
  void sortsByWeightThenId() {
    List<String> ids =
        of(new Absent("b", 100), new Absent("low", 1), new Absent("a", 100), new Absent("z", 300))
            .backends()
            .stream()
            .map(BackendProvider::id)
            .toList();
    assertEquals(List.of("z", "a", "b", "low"), ids);
  }

  @Test
  void refusesOneIdTwiceNamingBothClasses() {
    var e =
        assertThrows(IllegalStateException.class, () -> of(new Absent("x", 1), new Absent("x", 2)));
    assertTrue(e.getMessage().contains("'x'"), e.getMessage());
    assertTrue(e.getMessage().contains(Absent.class.getName() + " and "), e.getMessage());
  }

  @Test
  void refusesMalformedIds() {
    assertThrows(IllegalStateException.class, () -> of(new Absent("Upper", 1)));
    assertThrows(IllegalStateException.class, () -> of(new Absent("", 1)));
  }

  @Test
  void whereNothingRunsEveryReasonIsGiven() {
    var devices =
        new Devices(
            of(new Absent("one", 2), new Absent("two", 1)).backends(), AlcedoOptions.DEFAULTS);
    var e = assertThrows(BackendUnavailableException.class, () -> devices.choose(Optional.empty()));
    assertTrue(e.getMessage().contains("one is missing"), e.getMessage());
    assertTrue(e.getMessage().contains("two is missing"), e.getMessage());
  }

  @Test
  void askingForAnUnavailableBackendGivesItsReasonAndRemedy() {
    var devices = new Devices(of(new Absent("one", 2)).backends(), AlcedoOptions.DEFAULTS);
    var e =
        assertThrows(BackendUnavailableException.class, () -> devices.choose(Optional.of("one")));
    assertTrue(e.getMessage().contains("one is missing"), e.getMessage());
    assertTrue(e.getMessage().contains("buy one"), e.getMessage());
  }

  @Test
  void askingForAnUnknownBackendListsThoseKnown() {
    var devices = new Devices(of(new Absent("one", 2)).backends(), AlcedoOptions.DEFAULTS);
    var e =
        assertThrows(BackendUnavailableException.class, () -> devices.choose(Optional.of("tpu")));
    assertTrue(e.getMessage().contains("'tpu'"), e.getMessage());
    assertTrue(e.getMessage().contains("known: one"), e.getMessage());
  }

  @Test
  void aProbeThatThrowsTakesOnlyItsBackendOut() {
    BackendProvider broken =
        new BackendProvider() {
          @Override
          public String id() {
            return "broken";
          }

          @Override
          public int weight() {
            return 3;
          }

          @Override
          public Availability probe() {
            throw new UnsatisfiedLinkError("libneuron.so");
          }

          @Override
          public Backend open(DeviceInfo device, BackendOptions options) {
            throw new AssertionError("an unavailable backend is never opened");
          }
        };
    var devices = new Devices(of(broken, new Absent("one", 2)).backends(), AlcedoOptions.DEFAULTS);
    assertEquals(2, devices.status().size());
    var e = assertThrows(BackendUnavailableException.class, () -> devices.choose(Optional.empty()));
    assertTrue(e.getMessage().contains("libneuron.so"), e.getMessage());
  }
}
