"""Trains the digits network, exports it to ONNX, and compares both.

python train.py FOLDER   writes digits.onnx, sample.png and parity.json
"""

import base64
import io
import json
import math
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from PIL import Image
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional

FOLDER = Path(sys.argv[1])
SIDE = 28
EPOCHS = 40
HELD_OUT = 360


def pictures():
    """Scikit-learn's 1797 digits of 8 x 8 pixels, as float32[n, 1, 28, 28] from 0 to 1, light on dark, and what they are."""
    data = load_digits()
    small = torch.tensor(data.images, dtype=torch.float32)[:, None] / 16
    large = functional.interpolate(small, size=(20, 20), mode="bicubic").clamp(0, 1)
    return functional.pad(large, (4, 4, 4, 4)), torch.tensor(data.target)


def varied(images):
    """Stretched, sheared, turned and moved at random, and with lines of another thickness."""
    count = len(images)
    change = torch.eye(2) + (torch.rand(count, 2, 2) - 0.5) * 0.6
    move = (torch.rand(count, 2, 1) - 0.5) * 0.25
    grid = functional.affine_grid(torch.cat([change, move], 2), list(images.shape), align_corners=False)
    thickness = 0.5 + torch.rand(count, 1, 1, 1) * 2.5
    return functional.grid_sample(images, grid, align_corners=False).pow(thickness)


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.2), nn.Linear(32 * 3 * 3, 10),
        )  # fmt: skip

    def forward(self, image):
        return self.layers(image)


def train(images, targets):
    network = Digits()
    steps = EPOCHS * math.ceil(len(images) / 64)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(64):
            loss = functional.cross_entropy(network(varied(images[batch])), targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def export(network, path):
    example = torch.zeros(2, 1, SIDE, SIDE)
    torch.onnx.export(
        network,
        (example,),
        path,
        input_names=["image"],
        output_names=["logits"],
        dynamic_shapes={"image": {0: torch.export.Dim("batch")}},
        dynamo=True,
        external_data=False,  # one file
    )
    model = onnx.load(path)
    for node in model.graph.node:
        node.ClearField("metadata_props")  # the paths of this machine, among others
    onnx.helper.set_model_props(model, {"labels": json.dumps([str(digit) for digit in range(10)])})
    onnx.save(model, path)


torch.manual_seed(7)
torch.set_num_threads(1)  # for a network of this size, more are slower
images, targets = pictures()
order = torch.randperm(len(images), generator=torch.Generator().manual_seed(7))
held_out, used = order[:HELD_OUT], order[HELD_OUT:]
network = train(images[used], targets[used])

FOLDER.mkdir(parents=True, exist_ok=True)
export(network, FOLDER / "digits.onnx")

session = onnxruntime.InferenceSession(FOLDER / "digits.onnx")
(exported,) = session.run(["logits"], {"image": images[held_out].numpy()})
with torch.no_grad():
    expected = network(images[held_out]).numpy()
accuracy = (exported.argmax(1) == targets[held_out].numpy()).mean()
difference = float(np.abs(exported - expected).max())
print(json.dumps({"accuracy": round(float(accuracy), 4), "largestDifference": difference}))


def png(image):
    """Whole grey values, as a client would send them."""
    data = io.BytesIO()
    Image.fromarray((image[0].numpy() * 255).round().astype(np.uint8)).save(data, "png")
    return data.getvalue()


# What the service must answer too.
samples = [png(images[index]) for index in held_out[:10]]
values = torch.stack([torch.tensor(np.asarray(Image.open(io.BytesIO(data)))) for data in samples])[:, None] / 255
with torch.no_grad():
    probabilities = network(values).softmax(1).numpy()
(FOLDER / "sample.png").write_bytes(samples[0])
parity = [
    {"png": base64.b64encode(data).decode(), "digit": int(row.argmax()), "confidence": float(row.max())}
    for data, row in zip(samples, probabilities)
]
(FOLDER / "parity.json").write_text(json.dumps(parity, indent=1) + "\n")
