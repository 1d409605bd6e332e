"""What a case of reference numbers is made of: named random tensors, a function, its first and second derivatives, and a file."""
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
check = "--check" in sys.argv


class ReferenceFile:
    """Tensors and configurations on their way to one safetensors file."""

    def __init__(self):
        self.tensors, self.metadata = {}, {}

    def add(self, name, tensor):
        assert name not in self.tensors, name
        self.tensors[name] = numpy.array(tensor.detach().numpy(), order="C").reshape(tensor.shape)

    def tensor(self, name):
        return torch.from_numpy(self.tensors[name])

    def configure(self, case, **config):
        assert case not in self.metadata, case
        self.metadata[case] = json.dumps(config, sort_keys=True)

    def write(self, name):
        header, offset = {"__metadata__": self.metadata}, 0
        for key, array in self.tensors.items():
            dtype = {"float64": "F64", "int64": "I64"}[str(array.dtype)]
            header[key] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
            offset += array.nbytes
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path = Path(__file__).parent / name
        with open(path, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for array in self.tensors.values():
                file.write(array.astype(array.dtype.newbyteorder("<")).tobytes())
        print(f"{path.name}: {len(self.metadata)} cases, {len(self.tensors)} tensors, {path.stat().st_size} bytes")


def random(name, *shape):
    """Standard normal numbers that depend on the name alone."""
    return torch.from_numpy(numpy.asarray(numpy.random.RandomState(zlib.crc32(name.encode())).normal(size=shape)))


def away_from_zero(x, gap=0.1):
    """Moves x away from a kink at zero."""
    return x + gap * x.sign()


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def kernel_first(weight):
    """[k..., a, b] -> [b, a, k...], for convolution and transposed convolution alike."""
    return weight.permute(-1, -2, *range(weight.dim() - 2))


def kernel_shape(shape):
    """[out, in, k...] -> [k..., in, out]."""
    return (*shape[2:], shape[1], shape[0])


def on_channels_first(function):
    return lambda x, *rest: channels_last(function(channels_first(x), *rest))


def record(file, case, function, inputs, parameters=None, constants=None, **config):
    """Adds y = function(*inputs, *parameters), its gradients and their gradients."""
    names = ["x" if i == 0 else f"x{i + 1}" for i in range(len(inputs))]
    leaves = dict(zip(names, inputs))
    leaves.update(parameters or {})
    leaves = {name: tensor.detach().clone().requires_grad_() for name, tensor in leaves.items()}

    def gradient_name(prefix, name):
        return prefix + name if name in names else f"{prefix}_{name}"

    y = function(*leaves.values())
    dy = random(f"{case}.dy", *y.shape).requires_grad_()
    first = torch.autograd.grad(y, list(leaves.values()), dy, create_graph=True)
    directions = [random(f"{case}.v_{name}", *tensor.shape) for name, tensor in leaves.items()]
    projected = sum((d * v).sum() for d, v in zip(first, directions))
    second = torch.autograd.grad(projected, [*leaves.values(), dy], allow_unused=True)

    file.configure(case, **config)
    for name, tensor in {**leaves, **(constants or {}), "y": y, "dy": dy}.items():
        file.add(f"{case}.{name}", tensor)
    for name, d, v in zip(leaves, first, directions):
        file.add(f"{case}.{gradient_name('d', name)}", d)
        file.add(f"{case}.{'v' + name[1:] if name in names else 'v_' + name}", v)
    for name, dd in zip([*leaves, "y"], second):
        if dd is not None and dd.abs().max() > 0:
            file.add(f"{case}.{'ddy' if name == 'y' else gradient_name('dd', name)}", dd)
    if check:
        torch.autograd.gradcheck(function, list(leaves.values()))
        torch.autograd.gradgradcheck(function, list(leaves.values()), [dy])
