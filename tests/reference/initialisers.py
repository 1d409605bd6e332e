"""initialisers.safetensors: no numbers drawn, but the distributions they are drawn from."""
import math

from torch import nn

from recording import kernel_shape


def add_cases(file):
    """Per layer, in metadata alone: what PyTorch's initialisers draw for it. `bound` is a uniform distribution's, `deviation` a normal's."""
    layers = {
        "linear": (nn.Linear(20, 30), lambda w: tuple(w.shape)),
        "conv2d": (nn.Conv2d(6, 10, (3, 4)), lambda w: kernel_shape(w.shape)),
        "conv2d_groups": (nn.Conv2d(6, 10, 3, groups=2), lambda w: kernel_shape(w.shape)),
        "conv_transpose2d": (nn.ConvTranspose2d(6, 10, 4), lambda w: kernel_shape(w.shape)),
    }
    for name, (layer, own_shape) in layers.items():
        fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(layer.weight)
        leaky, relu = nn.init.calculate_gain("leaky_relu", 0.2), nn.init.calculate_gain("relu")
        xavier, kaiming = math.sqrt(2 / (fan_in + fan_out)), 1 / math.sqrt(fan_in)
        file.configure(name, shape=own_shape(layer.weight), fan_in=fan_in, fan_out=fan_out,
                       default={"weight_bound": 1 / math.sqrt(fan_in), "bias_bound": 1 / math.sqrt(fan_in)},
                       xavier_uniform={"bound": math.sqrt(3) * xavier}, xavier_normal={"deviation": xavier},
                       kaiming_uniform_relu={"bound": math.sqrt(3) * relu * kaiming}, kaiming_normal_relu={"deviation": relu * kaiming},
                       kaiming_uniform_leaky={"slope": 0.2, "bound": math.sqrt(3) * leaky * kaiming},
                       kaiming_normal_leaky={"slope": 0.2, "deviation": leaky * kaiming},
                       kaiming_normal_relu_fan_out={"deviation": relu / math.sqrt(fan_out)},
                       dcgan={"mean": 0.0, "deviation": 0.02},
                       # as a matrix with one row per PyTorch's first axis: the shorter side's vectors are orthonormal
                       orthogonal={"rows": layer.weight.shape[0], "columns": layer.weight[0].numel(),
                                   "orthonormal": "columns" if layer.weight.shape[0] > layer.weight[0].numel() else "rows"})
