// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The model that Alcedo brings along, as plain files in the `models` folder of its home.
///
/// @param model the text model
/// @param mmproj vision tower and projector
public record ExampleModel(Path model, Path mmproj) {
  private static final String FOLDER = "models/alcedo-tiny";
  private static final String MODEL = "alcedo-tiny-q8_0.gguf";
  private static final String MMPROJ = "mmproj-alcedo-tiny-q8_0.gguf";

  /// The files, if they are there.
  static Optional<ExampleModel> find(Environment environment) {
    return environment
        .home()
        .map(home -> home.resolve(FOLDER))
        .map(folder -> new ExampleModel(folder.resolve(MODEL), folder.resolve(MMPROJ)))
        .filter(files -> Files.isRegularFile(files.model()) && Files.isRegularFile(files.mmproj()));
  }

  /// Where the files are looked for, for people.
  static String place(Environment environment) {
    return environment.home().map(home -> home.resolve(FOLDER).toString()).orElse(FOLDER);
  }
}
