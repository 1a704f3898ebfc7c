// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.internal.tokenizer.SpmTokenizerProvider;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.ToyText;
import dev.alcedo.testkit.ToyVocabulary;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One token by the bytes that it stands for.
class PieceLookupTest {
  @TempDir Path folder;
  private ModelFile file;
  private Tokenizer tokenizer;

  @BeforeEach
  void open() {
    file = GgufFile.open(ToyText.small(DType.F32).writeTo(folder.resolve("toy.gguf")));
    tokenizer = new SpmTokenizerProvider().open(file.metadata());
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void aLineBreakIsOneTokenThoughItsTextIsTwo() {
    int[] ids = new PieceLookup(tokenizer).ids("\n");
    assertEquals(1, ids.length);
    assertEquals("<0x0A>", tokenizer.piece(ids[0]));
    assertEquals(2, tokenizer.encode("\n", false, TextTrust.ALL).length);
  }

  @Test
  void controlTokensGoByTheirSpelling() {
    int expected = tokenizer.find(ToyVocabulary.IMAGE_BEGIN).orElseThrow();
    var pieces = new PieceLookup(tokenizer);
    assertArrayEquals(new int[] {expected}, pieces.ids(ToyVocabulary.IMAGE_BEGIN));
    pieces.ids(ToyVocabulary.IMAGE_BEGIN)[0] = -1;
    assertArrayEquals(new int[] {expected}, pieces.ids(ToyVocabulary.IMAGE_BEGIN));
  }

  @Test
  void whatNoTokenStandsForIsTokenized() {
    assertArrayEquals(
        tokenizer.encode("<global-img>", false, TextTrust.ALL),
        new PieceLookup(tokenizer).ids("<global-img>"));
  }
}
