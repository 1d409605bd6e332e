"""weights.safetensors: layers whose weight is computed from something else. `weight_u_after`, `weight_v_after`: the buffers of a spectral
norm after a training pass."""
import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm as torch_spectral_norm
from torch.nn.utils import weight_norm as torch_weight_norm
from torch.nn.utils.stateless import functional_call

from recording import channels_first, channels_last, kernel_first, kernel_shape, random, record


def eigan_weight(module, weight):
    """PyTorch's weight in eigan's order of axes; kernel_first() is the way back."""
    return weight if weight.dim() == 2 else weight.permute(*range(2, weight.dim()), 1, 0)


def spectral_norm(file):
    def add(case, module, *shape, iterations=1, **config):
        is_conv = not isinstance(module, nn.Linear)
        torch_spectral_norm(module, n_power_iterations=iterations)
        with torch.no_grad():
            for name in ("weight_orig", "bias"):
                getattr(module, name).copy_(random(f"{case}.{name}", *getattr(module, name).shape))
            for name in ("weight_u", "weight_v"):
                getattr(module, name).copy_(F.normalize(random(f"{case}.{name}", *getattr(module, name).shape), dim=0))

        def vector(v):  # [in, k...] -> [k..., in]
            taps = module.weight_orig.shape[2:]
            return v.reshape(-1, *taps).movedim(0, -1).reshape(-1) if is_conv else v.clone()

        before = {"weight_u": module.weight_u.clone(), "weight_v": vector(module.weight_v)}
        x = random(f"{case}.x", *shape)
        module.train()
        after_training = module(channels_first(x) if is_conv else x)
        module.eval()  # keeps u and v, by which the training pass divided
        after = {"weight_u_after": module.weight_u.clone(), "weight_v_after": vector(module.weight_v)}

        def function(x, weight, bias):
            parameters = {"weight_orig": kernel_first(weight) if is_conv else weight, "bias": bias}
            y = functional_call(module, parameters, channels_first(x) if is_conv else x)
            return channels_last(y) if is_conv else y

        weight = eigan_weight(module, module.weight_orig)
        y = function(x, weight, module.bias)
        assert torch.equal(y, channels_last(after_training) if is_conv else after_training)
        record(file, case, function, [x], {"weight": weight, "bias": module.bias}, {**before, **after}, op="spectral_norm",
               iterations=iterations, **config)

    add("spectral_norm_linear", nn.Linear(5, 4), 3, 5, layer="linear")
    add("spectral_norm_linear_3", nn.Linear(3, 7), 2, 3, iterations=3, layer="linear")
    add("spectral_norm_conv", nn.Conv2d(4, 6, (3, 2), stride=2, padding=1, groups=2), 2, 4, 4, 4, layer="conv")
    add("spectral_norm_conv_transpose", nn.ConvTranspose2d(4, 6, (3, 2), stride=2, padding=1, groups=2), 2, 3, 3, 4,
        layer="conv_transpose")
    add("spectral_norm_one_output", nn.Conv2d(3, 1, 2), 2, 3, 3, 3, layer="one_output")


def weight_norm(file):
    """From its formula, whose value is held against PyTorch's: the second derivative of PyTorch 1.13's own does not pass --check."""
    def add(case, module, dim, *shape, **config):
        is_conv = not isinstance(module, nn.Linear)
        plain, axes = copy.deepcopy(module), [axis for axis in range(module.weight.dim()) if axis != dim]
        torch_weight_norm(module, dim=dim)

        def run(network, x, parameters):
            y = functional_call(network, parameters, channels_first(x) if is_conv else x)
            return channels_last(y) if is_conv else y

        def parts(weight, gain):
            direction = kernel_first(weight) if is_conv else weight
            return direction, gain.reshape([-1 if axis == dim else 1 for axis in range(direction.dim())])

        def function(x, weight, bias, gain):
            direction, length = parts(weight, gain)
            return run(plain, x, {"weight": length * direction / direction.square().sum(axes, keepdim=True).sqrt(), "bias": bias})

        weight = eigan_weight(module, random(f"{case}.weight", *module.weight_v.shape))
        parameters = {"weight": weight, "bias": random(f"{case}.bias", *module.bias.shape),
                      "gain": random(f"{case}.gain", module.weight_g.numel())}
        x, (direction, length) = random(f"{case}.x", *shape), parts(parameters["weight"], parameters["gain"])
        own = run(module, x, {"weight_v": direction, "weight_g": length, "bias": parameters["bias"]})
        assert torch.allclose(function(x, *parameters.values()), own, rtol=1e-13, atol=1e-13)
        record(file, case, function, [x], parameters, op="weight_norm", **config)

    add("weight_norm_linear", nn.Linear(5, 4), 0, 3, 5, layer="linear")
    add("weight_norm_conv", nn.Conv2d(4, 6, (3, 2), stride=2, padding=1, groups=2), 0, 2, 4, 4, 4, layer="conv")
    add("weight_norm_conv_transpose", nn.ConvTranspose2d(4, 6, (3, 2), stride=2, padding=1, groups=2), 1, 2, 3, 3, 4,
        layer="conv_transpose")


def equalized_learning_rate(file):
    def add(case, function, weight_shape, inputs, shape, gain, multiplier, **config):
        def scaled(x, weight, bias):
            return function(x, weight * (gain / inputs ** 0.5 * multiplier), bias * multiplier)

        parameters = {"weight": random(f"{case}.weight", *weight_shape), "bias": random(f"{case}.bias", 6)}
        record(file, case, scaled, [random(f"{case}.x", *shape)], parameters, op="equalized_learning_rate", gain=gain,
               multiplier=multiplier, **config)

    def conv(x, weight, bias):
        return channels_last(F.conv2d(channels_first(x), kernel_first(weight), bias, 2, 1, groups=2))

    def conv_transpose(x, weight, bias):
        return channels_last(F.conv_transpose2d(channels_first(x), kernel_first(weight), bias, 2, 1, groups=2))

    add("equalized_linear", F.linear, (6, 4), 4, (3, 4), 2 ** 0.5, 0.01, layer="linear")
    add("equalized_conv", conv, kernel_shape((6, 2, 3, 2)), 12, (2, 4, 4, 4), 1.0, 1.0, layer="conv")
    add("equalized_conv_transpose", conv_transpose, kernel_shape((4, 3, 3, 2)), 24, (2, 3, 3, 4), 2 ** 0.5, 0.5,
        layer="conv_transpose")


def add_cases(file):
    for part in (spectral_norm, weight_norm, equalized_learning_rate):
        part(file)
