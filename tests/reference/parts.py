"""parts.safetensors: what networks are made of besides the plain layers. `weight_u_after`, `weight_v_after`: buffers after a training pass."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm as torch_spectral_norm
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


def add_cases(file):
    for part in (spectral_norm,):
        part(file)
