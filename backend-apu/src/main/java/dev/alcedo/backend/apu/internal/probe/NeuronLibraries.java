// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// Where the Neuron Adapter is looked for: names in order of preference, each in all directories.
/// Files are looked at and not loaded, since loading runs the vendor's code; where there is no such
/// file, which is everywhere but on MediaTek devices, no child process is started.
public final class NeuronLibraries {
  /// A library's name or absolute path to try alone, or [#NONE].
  public static final String VARIABLE = "ALCEDO_NEURON_LIBRARY";

  /// Value of [#VARIABLE] that switches the backend off.
  public static final String NONE = "none";

  /// The order of MediaTek's own shim, the newest generation first.
  private static final List<String> NAMES =
      List.of(
          "libneuronusdk_adapter.mtk.so",
          "libneuronusdk_adapter.9.mtk.so",
          "libneuronusdk_adapter.so",
          "libneuron_adapter_mgvi.so",
          "libneuron_adapter.so",
          "libneuron_adapter.mtk.so");

  /// Android's partitions, then Linux boards.
  private static final List<String> DIRECTORIES =
      List.of(
          "/system_ext/lib64",
          "/vendor/lib64",
          "/system/vendor/lib64",
          "/system/lib64",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/local/lib");

  private final String chosen;
  private final List<String> directories;

  /// Reads the variable and the search paths from the environment and properties given.
  public NeuronLibraries(Map<String, String> environment, Properties properties) {
    this.chosen = environment.getOrDefault(VARIABLE, "").strip();
    var places = new LinkedHashSet<String>();
    places.addAll(split(properties.getProperty("jna.library.path", "")));
    places.addAll(split(environment.getOrDefault("LD_LIBRARY_PATH", "")));
    places.addAll(DIRECTORIES);
    this.directories = List.copyOf(places);
  }

  /// Whether the user wants no library at all.
  public boolean isSwitchedOff() {
    return chosen.equals(NONE);
  }

  /// The names or the path looked for.
  public List<String> names() {
    return chosen.isEmpty() ? NAMES : List.of(chosen);
  }

  /// The directories looked into for names.
  public List<String> directories() {
    return directories;
  }

  /// Absolute paths of the files that are there, best first, each file once although links may give
  /// it several names.
  public List<Path> files() {
    var seen = new LinkedHashSet<Path>();
    var files = new ArrayList<Path>();
    for (String name : names()) {
      for (Path file : places(name)) {
        if (Files.isRegularFile(file) && seen.add(realPath(file))) {
          files.add(file);
        }
      }
    }
    return files;
  }

  private List<Path> places(String name) {
    if (name.contains("/")) {
      return List.of(Path.of(name).toAbsolutePath());
    }
    return directories.stream().map(place -> Path.of(place, name).toAbsolutePath()).toList();
  }

  private static Path realPath(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException _) { // a directory that may not be entered: the given path must do
      return file;
    }
  }

  private static List<String> split(String searchPath) {
    return Arrays.stream(searchPath.split(":")).filter(place -> !place.isBlank()).toList();
  }
}
