// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.alcedo.runtime.api.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;

/// Says what a file that is no GGUF file seems to be, and what to do about it.
final class ForeignFile {
  private static final String CONVERT =
      "convert it to GGUF (llama.cpp's convert_hf_to_gguf.py) or download a GGUF file";
  private static final String PICTURE = "give pictures with --image and the model with --model";
  private static final String AGAIN = "download the file itself again";
  private static final int HEAD_BYTES = 64;

  /// A beginning (Latin-1, case ignored), what it means, what to do.
  private record Sign(String beginning, String kind, String remedy) {
    boolean matches(String head) {
      return head.regionMatches(true, 0, beginning, 0, beginning.length());
    }
  }

  private static final List<Sign> SIGNS =
      List.of(
          new Sign("\u0089png", "a PNG picture", PICTURE),
          new Sign("\u00ff\u00d8\u00ff", "a JPEG picture", PICTURE),
          new Sign("gif8", "a GIF picture", PICTURE),
          new Sign("riff", "a WebP picture or other RIFF file", PICTURE),
          new Sign("bm", "a BMP picture", PICTURE),
          new Sign("<!doctype", "a web page", AGAIN + "; its page was saved instead"),
          new Sign("<html", "a web page", AGAIN + "; its page was saved instead"),
          new Sign("<?xml", "an XML document (an error answer of a server?)", AGAIN),
          new Sign("version https://git-lfs", "a Git LFS pointer", "run 'git lfs pull'"),
          new Sign("pk\u0003\u0004", "a ZIP archive or PyTorch checkpoint", CONVERT),
          new Sign("\u0080\u0002", "a Python pickle (PyTorch checkpoint)", CONVERT),
          new Sign("\u001f\u008b", "a gzip archive", "unpack it first"),
          new Sign("(\u00b5/\u00fd", "a Zstandard archive", "unpack it first"),
          new Sign("%pdf", "a PDF document", "give a GGUF file"),
          new Sign("lmgg", "a file of ggml's format before GGUF", CONVERT),
          new Sign("fmgg", "a file of ggml's format before GGUF", CONVERT),
          new Sign("tjgg", "a file of ggml's format before GGUF", CONVERT),
          new Sign("{", "a JSON document", "give the GGUF file that belongs to it"));

  private ForeignFile() {}

  static ModelFormatException error(String file, MemorySegment data) {
    var head = new byte[(int) Math.min(HEAD_BYTES, data.byteSize())];
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, head, 0, head.length);
    String got = "bytes " + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(4, head.length));
    return new ModelFormatException(
        "%s: not a GGUF file: magic at byte 0: expected 'GGUF', got %s: %s"
            .formatted(file, got, guess(new String(head, ISO_8859_1))));
  }

  private static String guess(String head) {
    if (head.chars().allMatch(c -> c == 0)) {
      return "it begins with zeros, like a download that was never filled in; fetch it again";
    }
    // Eight bytes of header length, then a JSON object.
    if (head.length() > 8 && head.charAt(7) == 0 && head.charAt(8) == '{') {
      return "it looks like a safetensors file; " + CONVERT;
    }
    String text = head.replaceFirst("^[ \t\r\n]+", ""); // web pages often begin with blank lines
    return SIGNS.stream()
        .filter(sign -> sign.matches(text))
        .findFirst()
        .map(sign -> "it looks like %s; %s".formatted(sign.kind, sign.remedy))
        .orElse("give a GGUF model file");
  }
}
