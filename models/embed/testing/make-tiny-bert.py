"""Makes a BERT with random weights for the tests of the task `embed`, and what torch and transformers compute with it.

Usage: python make-tiny-bert.py [FOLDER]. The texts are those in FOLDER/expected.json; README.md says more.
"""

import json
import os
import sys
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from transformers import BertConfig, BertModel, BertTokenizerFast

MAX_TOKENS = 48
DEFAULT_FOLDER = Path(__file__).resolve().parent / "tiny-bert"

# A WordPiece vocabulary of 157 entries: enough that words are split in several ways, and some are unknown.
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
DIGITS = [str(digit) for digit in range(10)]
PUNCTUATION = list("!\"#$%&'()*+,-./:;<=>?@[]_~")
OTHER_SCRIPTS = list("中文的日本語を") + ["при", "##вет", "ß", "##ß", "ا", "😀"]
WORDS = [
    "the", "a", "an", "of", "and", "to", "is", "in", "it", "that", "was", "for", "on", "with", "as", "he", "she", "they",
    "cat", "dog", "cafe", "sat", "mat", "run", "hello", "world", "quick", "brown", "fox", "jump", "over", "lazy", "uncle",
]
PIECES = ["##s", "##ed", "##ing", "##er", "##ly", "##able", "##ion", "##un", "##th", "##st"]


def vocabulary():
    """The entries in the order of their ids, each once."""
    continued = ["##" + character for character in LETTERS + DIGITS]
    entries = SPECIAL + PUNCTUATION + DIGITS + LETTERS + OTHER_SCRIPTS + WORDS + continued + PIECES
    return list(dict.fromkeys(entries))


class LastHiddenState(torch.nn.Module):
    """The graph as most exports have it."""

    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.bert(input_ids, attention_mask, token_type_ids).last_hidden_state


class SentenceEmbedding(torch.nn.Module):
    """The graph of exports that pool by themselves; it has no `token_type_ids`."""

    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask):
        hidden = self.bert(input_ids, attention_mask).last_hidden_state
        return hidden, mean_of_tokens(hidden, attention_mask)


def mean_of_tokens(hidden, attention_mask):
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)


def tiny_bert(size):
    torch.manual_seed(20261123)
    # With weights as small as usual an untrained BERT would say nearly the same of every text.
    config = BertConfig(
        vocab_size=size,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=64,
        initializer_range=0.3,
        attn_implementation="eager",
    )
    return BertModel(config, add_pooling_layer=False).eval()


def tokenizer(folder, entries):
    words = folder / "vocab.txt"
    words.write_text("\n".join(entries) + "\n", encoding="utf8")
    made = BertTokenizerFast(vocab_file=str(words), model_max_length=MAX_TOKENS)
    words.unlink()
    made.backend_tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": MAX_TOKENS}) + "\n")
    return made


def export(module, path, inputs, outputs):
    # The export gives back the mode it found, to the BERT inside too; in training it would drop out.
    module.eval()
    example = tuple(torch.ones(2, 7, dtype=torch.long) for _ in inputs)
    free = {0: "batch", 1: "sequence"}
    axes = {**dict.fromkeys(inputs, free), **{name: {0: "batch"} if "sentence" in name else free for name in outputs}}
    torch.onnx.export(
        module,
        example,
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def expected(bert, tokenize, text):
    """Ids and embeddings of one text alone, in float64."""
    encoded = tokenize(text, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    with torch.no_grad():
        mean = mean_of_tokens(bert(**encoded).last_hidden_state, encoded["attention_mask"])[0]
    rounded = [[round(value, 9) for value in row.tolist()] for row in (torch.nn.functional.normalize(mean, dim=0), mean)]
    return {"text": text, "ids": encoded["input_ids"][0].tolist(), "normalized": rounded[0], "mean": rounded[1]}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    texts = [entry["text"] for entry in json.loads((folder / "expected.json").read_text(encoding="utf8"))]
    warnings.simplefilter("ignore")
    entries = vocabulary()
    tokenize = tokenizer(folder, entries)
    bert = tiny_bert(len(entries))
    export(LastHiddenState(bert), folder / "model.onnx", ["input_ids", "attention_mask", "token_type_ids"], ["last_hidden_state"])
    export(SentenceEmbedding(bert), folder / "pooled.onnx", ["input_ids", "attention_mask"], ["token_embeddings", "sentence_embedding"])
    bert.double()
    lines = ",\n".join(json.dumps(expected(bert, tokenize, text)) for text in texts)
    (folder / "expected.json").write_text(f"[\n{lines}\n]\n", encoding="utf8")


main()
