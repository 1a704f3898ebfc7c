// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFamiliesTest {
  @TempDir Path folder;
  private EditableFile file;

  @BeforeEach
  void writeToy() {
    file = new EditableFile(folder);
  }

  @AfterEach
  void closeToy() {
    file.close();
  }

  private <E extends VlmException> void assertRefused(Class<E> kind, String... words) {
    var e = assertThrows(kind, () -> TextFamilies.read(file, 0));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), "'%s' in: %s".formatted(word, e.getMessage()));
    }
    assertTrue(e.getMessage().contains("toy.gguf"), e.getMessage());
  }

  private static <O extends Op> List<O> ops(Graph graph, Class<O> kind) {
    return graph.nodes().stream().map(Node::op).filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void readsAToy() {
    TextModel model = TextFamilies.read(file, 0);
    assertEquals(64, model.config().embeddingLength());
    assertEquals(2, ops(model.blocks(), Op.Attention.class).size());
    assertEquals(Op.Rope.Style.INTERLEAVED, ops(model.blocks(), Op.Rope.class).getFirst().style());
    assertEquals(model.vocabSize(), model.logits().outputs().getFirst().shape().cols());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "context_length",
        "embedding_length",
        "block_count",
        "feed_forward_length",
        "attention.head_count"
      })
  void aMissingKeyIsNamed(String key) {
    file.remove("llama." + key);
    assertRefused(ModelFormatException.class, "'llama." + key + "'", "missing");
  }

  @ParameterizedTest
  @CsvSource({
    "attention.head_count_kv, 3, a divisor of 4",
    "attention.head_count, 0, 1 to",
    "attention.value_length, 32, the key length 16",
    "rope.dimension_count, 15, even",
    "rope.dimension_count, 32, at most 16",
    "block_count, 1000000, 1 to",
    "embedding_length, -64, 1 to",
  })
  void aWrongNumberIsNamedWithWhatWasExpected(String key, long value, String expected) {
    file.set("llama." + key, value);
    assertRefused(
        ModelFormatException.class, "'llama." + key + "'", expected, Long.toString(value));
  }

  @Test
  void headsMustDivideTheEmbeddingUnlessTheirLengthIsGiven() {
    file.remove("llama.attention.key_length").remove("llama.attention.value_length");
    file.remove("llama.rope.dimension_count");
    assertEquals(16, TextFamilies.read(file, 0).config().headLength());
    file.set("llama.attention.head_count", 5L).set("llama.attention.head_count_kv", 5L);
    assertRefused(ModelFormatException.class, "'llama.attention.head_count'", "a divisor of 64");
  }

  @Test
  void numbersThatWouldMakeNaNsAreRefused() {
    file.set("llama.rope.freq_base", -1.0);
    assertRefused(ModelFormatException.class, "'llama.rope.freq_base'", "above 0");
    file.set("llama.rope.freq_base", 1e4).set("llama.attention.layer_norm_rms_epsilon", -1.0);
    assertRefused(ModelFormatException.class, "layer_norm_rms_epsilon", "0 or more");
  }

  private float freqScale() {
    return ops(TextFamilies.read(file, 0).blocks(), Op.Rope.class).getFirst().freqScale();
  }

  @Test
  void linearScalingIsReadAsLlamaCppDoes() {
    assertEquals(1f, freqScale());
    file.set("llama.rope.scale_linear", 8.0);
    assertEquals(1 / 8f, freqScale(), "the key of old files");
    file.set("llama.rope.scaling.factor", 4.0);
    assertEquals(1 / 4f, freqScale(), "a factor without a type is linear");
    file.set("llama.rope.scaling.type", "none");
    assertEquals(1f, freqScale());
    file.set("llama.rope.scaling.type", "linear").set("llama.rope.scaling.factor", 0.0);
    assertEquals(1f, freqScale(), "0 means none");
    file.set("llama.rope.scaling.factor", -2.0);
    assertRefused(ModelFormatException.class, "'llama.rope.scaling.factor'", "-2");
    file.set("llama.rope.scaling.type", "su");
    assertRefused(UnsupportedModelException.class, "'su'", "known: none, linear, yarn, longrope");
  }

  @Test
  void otherModelsAreRefusedByName() {
    file.set("llama.expert_count", 8L);
    assertRefused(UnsupportedModelException.class, "8 experts");
    file.set("general.architecture", "mamba");
    assertRefused(UnsupportedModelException.class, "'mamba'", "known: ", "llama, ", "qwen2");
    file.set("general.architecture", "clip");
    assertRefused(UnsupportedModelException.class, "image encoder", "--mmproj");
    file.remove("general.architecture");
    assertRefused(ModelFormatException.class, "'general.architecture'");
  }

  @Test
  void aMissingOrMisshapenTensorIsNamed() {
    List<Consumer<EditableFile>> edits =
        List.of(
            f -> f.remove("blk.1.ffn_up.weight"),
            f -> f.tensor("blk.1.ffn_up.weight", DType.F32, 127, 64),
            f -> f.tensor("blk.1.ffn_up.weight", DType.F32, 128 * 64),
            f -> f.tensor("blk.1.ffn_up.weight", DType.F32, 64, 128),
            f -> f.tensor("blk.1.ffn_norm.weight", DType.F16, 64),
            f -> f.tensor("rope_freqs.weight", DType.F32, 16),
            f -> f.tensor("blk.0.attn_q.bias", DType.F32, 63),
            f -> f.tensor("token_embd.weight", DType.F32, 500, 32),
            f -> f.tensor("token_embd.weight", DType.F32, 64),
            f -> f.remove("output_norm.weight"),
            f -> f.tensor("output.weight", DType.F32, 31, 64));
    List<String> names =
        List.of(
            "blk.1.ffn_up.weight",
            "blk.1.ffn_up.weight",
            "blk.1.ffn_up.weight",
            "blk.1.ffn_up.weight",
            "blk.1.ffn_norm.weight",
            "rope_freqs.weight",
            "blk.0.attn_q.bias",
            "token_embd.weight",
            "token_embd.weight",
            "output_norm.weight",
            "output.weight");
    for (int i = 0; i < edits.size(); i++) {
      closeToy();
      writeToy();
      edits.get(i).accept(file);
      assertRefused(ModelFormatException.class, "'" + names.get(i) + "'");
    }
  }

  @Test
  void aMissingOutputMatrixIsTheEmbeddingTable() {
    file.remove("output.weight");
    Graph logits = TextFamilies.read(file, 0).logits();
    assertTrue(
        logits.constants().keySet().stream().anyMatch(v -> v.name().equals("token_embd.weight")));
  }

  @Test
  void biasesAreUsedWhereTheyAre() {
    file.architecture("qwen2");
    for (String role : List.of("attn_q", "attn_k", "attn_v")) {
      int length = role.equals("attn_q") ? 64 : 32;
      file.tensor("blk.0.%s.bias".formatted(role), DType.F32, length);
    }
    TextModel model = TextFamilies.read(file, 0);
    long biased =
        model.blocks().nodes().stream()
            .filter(n -> n.op() instanceof Op.MatMul && n.inputs().size() == 3)
            .count();
    assertEquals(3, biased);
    assertEquals(Op.Rope.Style.HALVES, ops(model.blocks(), Op.Rope.class).getFirst().style());
  }

  private Op.Rope rope(int sessionLength) {
    TextModel model = TextFamilies.read(file, sessionLength);
    return ops(model.blocks(), Op.Rope.class).getFirst();
  }

  private List<String> constants(int sessionLength) {
    Graph blocks = TextFamilies.read(file, sessionLength).blocks();
    return blocks.constants().keySet().stream().map(Value::name).toList();
  }

  @Test
  void yarnStretchesSlowPairsAndRaisesTheMagnitude() {
    file.set("llama.rope.scaling.type", "yarn").set("llama.rope.scaling.factor", 4.0);
    file.set("llama.rope.scaling.original_context_length", 128L);
    file.set("llama.rope.scaling.attn_factor", 1.5);
    assertEquals(1f, rope(0).freqScale());
    assertEquals(1.5f * (1 + 0.1f * (float) Math.log(4)), rope(0).magnitude(), 1e-6f);
    assertTrue(constants(0).contains("rope.divisors"), "computed divisors");
  }

  @Test
  void theLengthOfTheSessionChoosesTheFactors() {
    file.tensor("rope_factors_long.weight", DType.F32, 8);
    file.tensor("rope_factors_short.weight", DType.F32, 8);
    file.set("llama.rope.scaling.original_context_length", 100L);
    assertTrue(constants(101).contains("rope_factors_long.weight"));
    assertTrue(constants(100).contains("rope_factors_short.weight"));
    assertTrue(constants(0).contains("rope_factors_long.weight"), "trained for 512");
  }

  @Test
  void oneMatrixForQueryKeyAndValueIsTakenApart() {
    for (String role : List.of("attn_q", "attn_k", "attn_v")) {
      file.remove("blk.0.%s.weight".formatted(role));
    }
    file.tensor("blk.0.attn_qkv.weight", DType.F32, 64 + 2 * 32, 64);
    assertEquals(
        List.of(new Op.Slice(1, 0, 64), new Op.Slice(1, 64, 32), new Op.Slice(1, 96, 32)),
        ops(TextFamilies.read(file, 0).blocks(), Op.Slice.class));
  }

  @Test
  void graniteScalesWhatFlows() {
    file.architecture("granite").set("granite.logit_scale", 4.0);
    file.set("granite.residual_scale", 0.5).set("granite.attention.scale", 0.25);
    file.set("granite.embedding_scale", 3.0);
    TextModel model = TextFamilies.read(file, 0);
    assertEquals(List.of(new Op.Scale(3)), ops(model.embedding(), Op.Scale.class));
    assertEquals(0.25f, ops(model.blocks(), Op.Attention.class).getFirst().scale());
    assertEquals(
        List.of(new Op.Scale(0.5f), new Op.Scale(0.5f)),
        ops(model.blocks(), Op.Scale.class).subList(0, 2));
    assertEquals(List.of(new Op.Scale(0.25f)), ops(model.logits(), Op.Scale.class));
    file.set("granite.rope.scaling.finetuned", false);
    assertEquals(List.of(), ops(TextFamilies.read(file, 0).blocks(), Op.Rope.class));
    file.set("granite.logit_scale", 0.0);
    assertRefused(ModelFormatException.class, "'granite.logit_scale'", "other than 0");
    file.remove("granite.logit_scale");
    assertRefused(ModelFormatException.class, "'granite.logit_scale'");
  }

  @Test
  void scalesOfOtherFamiliesAreNotReadForLlama() {
    file.set("llama.logit_scale", 4.0).set("llama.embedding_scale", 3.0);
    assertEquals(List.of(), ops(TextFamilies.read(file, 0).logits(), Op.Scale.class));
    assertEquals(List.of(), ops(TextFamilies.read(file, 0).embedding(), Op.Scale.class));
  }

  @Test
  void minicpmHasScalesWithoutKeys() {
    file.architecture("minicpm");
    TextModel model = TextFamilies.read(file, 0);
    assertEquals(List.of(new Op.Scale(12)), ops(model.embedding(), Op.Scale.class));
    assertEquals(List.of(new Op.Scale(64 / 256f)), ops(model.logits(), Op.Scale.class));
    assertEquals(
        (float) (1.4f / Math.sqrt(2)), ops(model.blocks(), Op.Scale.class).getFirst().factor());
  }

  @Test
  void sectionsMustShareThePairsOfAHead() {
    file.architecture("qwen2vl");
    assertRefused(ModelFormatException.class, "'qwen2vl.rope.dimension_sections'");
    file.set("qwen2vl.rope.dimension_sections", new long[] {2, 3, 3, 0});
    TextModel model = TextFamilies.read(file, 0);
    assertEquals(
        List.of(2, 3, 3, 0), ops(model.blocks(), Op.Rope.class).getFirst().sections().pairCounts());
    assertEquals(4, model.blocks().port(TextModel.POSITIONS).shape().cols());
    file.set("qwen2vl.rope.dimension_sections", new long[] {2, 3, 3});
    assertEquals(4, TextFamilies.read(file, 0).blocks().port(TextModel.POSITIONS).shape().cols());
    file.set("qwen2vl.rope.dimension_sections", new long[] {2, 3, 4, 0});
    assertRefused(UnsupportedModelException.class, "8 pairs", "[2, 3, 4, 0]");
    for (long[] wrong : List.of(new long[] {8}, new long[] {-1, 8, 1, 0}, new long[5])) {
      file.set("qwen2vl.rope.dimension_sections", wrong);
      assertRefused(ModelFormatException.class, "3 or 4 numbers from 0 to 8");
    }
  }

  @Test
  void smolLm3LeavesTheHeadsOfEveryFourthBlockAsTheyAre() {
    file.architecture("smollm3").set("smollm3.block_count", 4L);
    for (String name : List.copyOf(file.tensors().keySet())) {
      if (name.startsWith("blk.0.")) {
        var like = file.tensors().get(name);
        for (int block = 2; block < 4; block++) {
          file.tensors().put(name.replaceFirst("0", Integer.toString(block)), like);
        }
      }
    }
    Graph blocks = TextFamilies.read(file, 0).blocks();
    assertEquals(4, ops(blocks, Op.Attention.class).size());
    assertEquals(2 * 3, ops(blocks, Op.Rope.class).size());
  }

  @Test
  void gemma3NeedsItsWindow() {
    file.architecture("gemma3");
    assertRefused(UnsupportedModelException.class, "'gemma3.attention.sliding_window'");
    file.set("gemma3.attention.sliding_window", 64L).set("gemma3.rope.freq_base_swa", 0.0);
    assertRefused(ModelFormatException.class, "'gemma3.rope.freq_base_swa'", "above 0");
  }

  @Test
  void anOutputBiasIsAdded() {
    int vocabSize = TextFamilies.read(file, 0).vocabSize();
    file.tensor("output.bias", DType.F32, vocabSize);
    Graph logits = TextFamilies.read(file, 0).logits();
    assertTrue(logits.constants().keySet().stream().anyMatch(v -> v.name().equals("output.bias")));
  }

  @Test
  void theSessionIsAsLongAsAskedForOrAsTrained() {
    assertEquals(512, TextFamilies.read(file, 0).config().sessionLength());
    assertEquals(77, TextFamilies.read(file, 77).config().sessionLength());
    file.set("llama.context_length", 131072L);
    assertEquals(4096, TextFamilies.read(file, 0).config().sessionLength());
  }
}
