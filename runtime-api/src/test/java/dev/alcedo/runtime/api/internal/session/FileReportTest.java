// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ModelContents;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.internal.plan.Providers;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.TestGguf;
import dev.alcedo.testkit.ToyText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReportTest {
  @TempDir Path folder;

  private ModelContents read(byte[] file) throws IOException {
    return new FileReport(Providers.find()).read(Files.write(folder.resolve("m.gguf"), file));
  }

  private static ModelContents.Part part(ModelContents contents, String role) {
    return contents.parts().stream()
        .filter(p -> p.role().equals(role))
        .findFirst()
        .orElseThrow(() -> new AssertionError(role + " in " + contents.parts()));
  }

  private static byte[] toy() {
    return ToyText.small(DType.F16).gguf().write().bytes();
  }

  private static byte[] renamed(String from, String to) {
    assertEquals(from.length(), to.length());
    return new String(toy(), ISO_8859_1).replaceFirst(from, to).getBytes(ISO_8859_1);
  }

  @Test
  void aModelOfOursHasAllParts() throws IOException {
    ModelContents contents = read(toy());
    assertEquals(
        List.of("family", "context", "kv cache", "tokenizer", "template"),
        contents.parts().stream().map(ModelContents.Part::role).toList());
    assertTrue(contents.parts().stream().allMatch(ModelContents.Part::isSupported));
    assertTrue(part(contents, "family").text().startsWith("llama: 2 blocks of 64"));
    // Two blocks of two heads of 16, keys and values of two bytes.
    assertEquals("256 bytes a position (f16)", part(contents, "kv cache").text());
    assertFalse(contents.tensors().isEmpty());
  }

  @Test
  void anUnknownFamilyStillShowsItsTokenizer() throws IOException {
    ModelContents contents = read(renamed("llama", "mamba"));
    ModelContents.Part family = part(contents, "family");
    assertFalse(family.isSupported());
    assertTrue(family.text().contains("'mamba'"), family.text());
    assertTrue(family.text().contains("known: gemma3, granite, "), family.text());
    assertTrue(part(contents, "tokenizer").isSupported());
    assertFalse(contents.tensors().isEmpty());
  }

  @Test
  void anUnknownElementTypeStillShowsTheMetadata() throws IOException {
    TestGguf.Written toy = ToyText.small(DType.F16).gguf().write();
    byte[] file = toy.bytes().clone();
    int at = toy.field("dtype:token_embd.weight").offset();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at, 33);
    ModelContents contents = read(file);
    ModelContents.Part tensors = part(contents, "tensors");
    assertFalse(tensors.isSupported());
    assertTrue(tensors.text().contains("element type 33"), tensors.text());
    assertTrue(part(contents, "family").isSupported());
    assertTrue(part(contents, "tokenizer").isSupported());
    assertEquals(List.of(), contents.tensors());
    assertTrue(contents.metadata().has("llama.block_count"));
  }

  @Test
  void anUnknownProjectorIsNamed() throws IOException {
    var gguf = new TestGguf();
    gguf.string("general.architecture", "clip").string("clip.projector_type", "holo");
    gguf.u32("clip.vision.block_count", 2);
    ModelContents contents = read(gguf.write().bytes());
    assertEquals(
        "projector, tower",
        contents.parts().stream().map(ModelContents.Part::role).collect(Collectors.joining(", ")));
    assertFalse(part(contents, "projector").isSupported());
    assertTrue(part(contents, "tower").text().contains("'clip.vision.embedding_length'"));
  }

  @Test
  void aFileThatIsNoneIsAnError() {
    assertThrows(ModelFormatException.class, () -> read(new byte[] {1, 2, 3, 4}));
  }
}
