// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.testkit.TestGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that are no GGUF files at all, and places where no file is.
class ForeignFileTest {
  @TempDir Path dir;

  private VlmException open(String name, String latin1) throws IOException {
    Path file = Files.write(dir.resolve(name), latin1.getBytes(ISO_8859_1));
    return assertThrows(ModelFormatException.class, () -> GgufFile.open(file));
  }

  private static void assertSays(VlmException error, String... parts) {
    for (String part : parts) {
      assertTrue(
          error.getMessage().contains(part), () -> "'" + part + "' in: " + error.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          \u0089PNG            | PNG picture
          \u00ff\u00d8\u00ff\u00e0 | JPEG picture
          GIF89a               | GIF picture
          RIFF1234WEBPVP8      | WebP picture
          <!DOCTYPE html>      | web page
          <HTML><body>         | web page
          <?xml version="1.0"  | XML document
          PK\u0003\u0004abcd   | ZIP archive or PyTorch checkpoint
          \u0080\u0002abcd     | Python pickle
          %PDF-1.7             | PDF document
          lmggabcdef           | ggml's format before GGUF
          tjggabcdef           | ggml's format before GGUF
          {"a": 1}             | JSON document
          version https://git-lfs.github.com/spec/v1 | git lfs pull
          hello                | give a GGUF model file
          GGU                  | give a GGUF model file
          """)
  void foreign_kinds_are_recognised(String beginning, String expected) throws IOException {
    assertSays(
        open("model.gguf", beginning),
        "model.gguf: not a GGUF file",
        "expected 'GGUF', got bytes",
        expected);
  }

  @Test
  void safetensors_zeros_blank_lines_and_nothing_are_recognised() throws IOException {
    assertSays(
        open("a.safetensors", "\u0040\u0001\0\0\0\0\0\0{\"__metadata__\":{}}"),
        "safetensors",
        "convert_hf_to_gguf.py");
    assertSays(open("model.gguf.gz", "\u001f\u008b\u0008abc"), "gzip archive", "unpack it");
    assertSays(open("zeros", "\0".repeat(100)), "begins with zeros");
    assertSays(open("page", "\r\n\n <!doctype html>"), "web page");
    assertSays(open("empty", ""), "empty: not a GGUF file", "an empty file", "download it again");
  }

  @Test
  void places_without_a_regular_file_are_named() throws Exception {
    var missing =
        assertThrows(
            InvalidRequestException.class, () -> GgufFile.open(dir.resolve("missing.gguf")));
    assertSays(missing, "missing.gguf", "nothing there", "check the path");
    assertSays(
        assertThrows(InvalidRequestException.class, () -> GgufFile.open(dir)), "a directory");
    Path zero = Path.of("/dev/zero");
    assumeTrue(Files.exists(zero), "no /dev/zero here");
    assertSays(
        assertThrows(InvalidRequestException.class, () -> GgufFile.open(zero)), "a device or pipe");
  }

  @Test
  void an_unreadable_file_says_permission() throws IOException {
    Path file = new TestGguf().write().writeTo(dir.resolve("secret.gguf"));
    assumeTrue(Files.getFileStore(file).supportsFileAttributeView("posix"), "no POSIX permissions");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeTrue(!Files.isReadable(file), "this user may read everything");
    var error = assertThrows(InvalidRequestException.class, () -> GgufFile.open(file));
    assertSays(error, "secret.gguf", "no permission to read it");
    assertEquals("invalid_request", error.code());
  }
}
