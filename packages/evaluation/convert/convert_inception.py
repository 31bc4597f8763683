#!/usr/bin/env python3
"""Converts the first five convolutions of a PyTorch Inception-v3 checkpoint into the file that SIFID_WEIGHTS names.

Takes torchvision's inception_v3_google-*.pth and the FID port's pt_inception-2015-12-05-*.pth: both have the same names, and
both nets get pixels in [-1, 1] (torchvision's transform_input leads there from its own normalisation).
Needs torch alone. The checkpoint is read with weights_only: nothing in it is run.
"""

import argparse
import json
import pathlib
import struct

import torch

LAYERS = ["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"]
PARTS = ["conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"]


def read_tensors(checkpoint):
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    state = state.get("state_dict", state)
    names = [f"{layer}.{part}" for layer in LAYERS for part in PARTS]
    missing = [name for name in names if name not in state]
    if missing:
        raise SystemExit(f"{checkpoint}: expected an Inception-v3 of PyTorch, but it has no {missing[0]}")
    return {name: state[name].to(torch.float32).contiguous() for name in names}


def write_safetensors(path, tensors, metadata):
    header, position, parts = {"__metadata__": metadata}, 0, []
    for name, tensor in tensors.items():
        data = struct.pack(f"<{tensor.numel()}f", *tensor.flatten().tolist())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [position, position + len(data)]}
        position += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path, help="the .pth file")
    parser.add_argument("output", type=pathlib.Path, help="the .safetensors file to write")
    parser.add_argument("--name", help="stored with every score; the name of the checkpoint by default")
    parser.add_argument("--input-range", default="-1,1", help="what black and white are to the net (default -1,1)")
    options = parser.parse_args()
    metadata = {
        "format": "inception-v3",
        "version": "1",
        "name": options.name or options.checkpoint.stem,
        "inputRange": options.input_range,
    }
    write_safetensors(options.output, read_tensors(options.checkpoint), metadata)
    print(f"wrote {options.output}: {metadata['name']}, input range {metadata['inputRange']}")


if __name__ == "__main__":
    main()
