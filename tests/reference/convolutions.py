"""convolutions.safetensors."""
import torch.nn.functional as F

from recording import channels_first, channels_last, kernel_first, random, record


def convolution(file, case, input_shape, out, kernel, bias=True, groups=1, **options):
    """Convolution of a channels-last input; `options` as PyTorch names them."""
    dims, channels = len(kernel), input_shape[-1]
    torch_convolution = [F.conv1d, F.conv2d, F.conv3d][dims - 1]

    def function(x, weight, bias=None):
        return channels_last(torch_convolution(channels_first(x), kernel_first(weight), bias, groups=groups, **options))

    parameters = {"weight": random(f"{case}.weight", *kernel, channels // groups, out)}
    if bias:
        parameters["bias"] = random(f"{case}.bias", out)
    record(file, case, function, [random(f"{case}.x", *input_shape)], parameters, op="convolution", kernel=kernel, out=out,
           **{"in": channels}, groups=groups, bias=bias, **options)


def transposed_convolution(file, case, input_shape, out, kernel, bias=True, groups=1, **options):
    dims, channels = len(kernel), input_shape[-1]
    torch_convolution = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][dims - 1]

    def function(x, weight, bias=None):
        return channels_last(torch_convolution(channels_first(x), kernel_first(weight), bias, groups=groups, **options))

    parameters = {"weight": random(f"{case}.weight", *kernel, out // groups, channels)}
    if bias:
        parameters["bias"] = random(f"{case}.bias", out)
    record(file, case, function, [random(f"{case}.x", *input_shape)], parameters, op="transposed_convolution", kernel=kernel, out=out,
           **{"in": channels}, groups=groups, bias=bias, **options)


def add_cases(file):
    convolution(file, "conv1d", (2, 7, 2), 3, [3])
    convolution(file, "conv1d_stride_padding_dilation", (2, 9, 2), 3, [3], stride=[2], padding=[2], dilation=[2])
    convolution(file, "conv1d_groups", (2, 6, 4), 6, [3], groups=2, padding=[1], bias=False)
    convolution(file, "conv2d", (2, 4, 5, 2), 3, [3, 2])
    convolution(file, "conv2d_gan", (2, 6, 6, 3), 4, [4, 4], stride=[2, 2], padding=[1, 1])
    convolution(file, "conv2d_uneven", (2, 7, 6, 2), 3, [3, 2], stride=[2, 1], padding=[2, 1], dilation=[1, 2], bias=False)
    convolution(file, "conv2d_groups", (2, 5, 4, 4), 6, [3, 3], stride=[2, 2], padding=[1, 1], groups=2)
    convolution(file, "conv2d_depthwise", (2, 5, 4, 3), 3, [3, 3], padding=[1, 1], groups=3)
    convolution(file, "conv2d_depthwise_multiplier", (2, 5, 5, 2), 4, [3, 3], stride=[2, 2], padding=[1, 1], groups=2)
    convolution(file, "conv2d_pointwise", (2, 3, 2, 4), 3, [1, 1])
    convolution(file, "conv3d", (2, 3, 4, 3, 2), 3, [2, 3, 2])
    convolution(file, "conv3d_stride_padding_dilation", (1, 5, 4, 5, 2), 2, [3, 2, 2], stride=[2, 1, 2], padding=[1, 1, 0],
                dilation=[1, 2, 1])
    convolution(file, "conv3d_groups", (1, 3, 3, 3, 4), 2, [2, 2, 2], padding=[1, 0, 1], groups=2)
    transposed_convolution(file, "conv_transpose1d", (2, 4, 2), 3, [3])
    transposed_convolution(file, "conv_transpose1d_full", (2, 4, 2), 4, [3], stride=[3], padding=[1], output_padding=[2], dilation=[2],
                           groups=2)
    transposed_convolution(file, "conv_transpose2d", (2, 3, 2, 2), 3, [2, 3])
    transposed_convolution(file, "conv_transpose2d_gan", (2, 3, 3, 4), 3, [4, 4], stride=[2, 2], padding=[1, 1])
    transposed_convolution(file, "conv_transpose2d_output_padding", (2, 3, 4, 2), 3, [3, 3], stride=[2, 3], padding=[1, 0],
                           output_padding=[1, 2], bias=False)
    transposed_convolution(file, "conv_transpose2d_dilation", (2, 3, 3, 2), 2, [3, 2], stride=[1, 2], padding=[2, 1], dilation=[2, 3])
    transposed_convolution(file, "conv_transpose2d_groups", (2, 3, 3, 4), 6, [3, 3], stride=[2, 2], padding=[1, 1], groups=2)
    transposed_convolution(file, "conv_transpose2d_depthwise", (2, 3, 3, 3), 3, [4, 4], stride=[2, 2], padding=[1, 1], groups=3)
    transposed_convolution(file, "conv_transpose3d", (1, 2, 3, 2, 2), 3, [2, 2, 3])
    transposed_convolution(file, "conv_transpose3d_full", (1, 2, 3, 2, 2), 2, [3, 2, 2], stride=[2, 2, 1], padding=[1, 0, 1],
                           output_padding=[1, 0, 0], dilation=[1, 1, 2], groups=2)
