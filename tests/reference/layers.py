"""layers.safetensors: every layer and composite but the convolutions."""
import math

import torch
import torch.nn.functional as F

from recording import away_from_zero, channels_first, channels_last, on_channels_first, random, record


def linear_layers(file):
    for case, x, bias in [("linear", (4, 3), True), ("linear_no_bias", (4, 3), False), ("linear_rank3", (2, 3, 5), True)]:
        parameters = {"weight": random(f"{case}.weight", 6, x[-1])}
        if bias:
            parameters["bias"] = random(f"{case}.bias", 6)
        record(file, case, F.linear, [random(f"{case}.x", *x)], parameters, op="linear", bias=bias)

    table = random("embedding.weight", 5, 3)
    indices = torch.tensor([[0, 3, 3], [4, 1, 3]])
    record(file, "embedding", lambda weight: F.embedding(indices, weight), [], {"weight": table}, {"indices": indices}, op="embedding")


def attention(file):
    def formula(q, k, v):
        return torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1) @ v
    shapes = [(2, 2, 4, 3), (2, 2, 5, 3), (2, 2, 5, 4)]  # [batch, heads, length, width]; values wider than keys
    record(file, "attention", formula, [random(f"attention.{i}", *shape) for i, shape in enumerate(shapes)], op="attention")


def batch_norm(file):
    for case, shape, training in [("batch_norm_rank2", (7, 3), True), ("batch_norm_rank4", (3, 2, 4, 3), True),
                                  ("batch_norm_evaluation", (3, 2, 2, 3), False)]:
        channels = shape[-1]
        mean, variance = random(f"{case}.mean", channels), random(f"{case}.variance", channels).square() + 0.5

        def function(x, weight, bias):
            statistics = (None, None) if training else (mean, variance)
            y = F.batch_norm(channels_first(x), *statistics, weight, bias, training, momentum=0.1, eps=1e-5)
            return channels_last(y)

        x = 1.5 * random(f"{case}.x", *shape) + random(f"{case}.offset", channels)
        buffers = {"running_mean": mean, "running_var": variance}
        if training:
            after = {"running_mean_after": mean.clone(), "running_var_after": variance.clone()}
            F.batch_norm(channels_first(x), *after.values(), training=True, momentum=0.1, eps=1e-5)
            buffers.update(after)
        parameters = {"weight": random(f"{case}.weight", channels), "bias": random(f"{case}.bias", channels)}
        record(file, case, function, [x], parameters, buffers, op="batch_norm", training=training, momentum=0.1, epsilon=1e-5)


def norms(file):
    def add(case, function, shape, parameter_shape, bias=True, **config):
        parameters = {"weight": random(f"{case}.weight", *parameter_shape)}
        if bias:
            parameters["bias"] = random(f"{case}.bias", *parameter_shape)
        x = 1.5 * random(f"{case}.x", *shape) + 0.5
        record(file, case, function, [x], parameters, **config)

    add("layer_norm", lambda x, w, b: F.layer_norm(x, (5,), w, b), (2, 3, 5), (5,), op="layer_norm", normalized=[5], epsilon=1e-5)
    add("layer_norm_two_axes", lambda x, w, b: F.layer_norm(x, (3, 4), w, b), (2, 3, 4), (3, 4), op="layer_norm", normalized=[3, 4],
        epsilon=1e-5)
    add("instance_norm", on_channels_first(lambda x, w, b: F.instance_norm(x, weight=w, bias=b)), (2, 4, 3, 3), (3,),
        op="instance_norm", epsilon=1e-5)
    add("group_norm", on_channels_first(lambda x, w, b: F.group_norm(x, 2, w, b)), (2, 3, 2, 6), (6,), op="group_norm", groups=2,
        epsilon=1e-5)
    add("rms_norm", lambda x, w: x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * w, (2, 3, 5), (5,), False,
        op="rms_norm", epsilon=1e-6)


def activations(file):
    def tanh_gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))

    def add(case, function, **config):
        record(file, case, function, [away_from_zero(2 * random(f"{case}.x", 3, 7))], op=case, **config)

    add("relu", F.relu)
    add("leaky_relu", lambda x: F.leaky_relu(x, 0.2), slope=0.2)
    add("elu", F.elu, alpha=1.0)
    add("gelu", F.gelu)
    add("gelu_tanh", tanh_gelu)
    add("silu", F.silu)
    add("softplus", F.softplus)
    add("tanh", torch.tanh)
    add("sigmoid", torch.sigmoid)
    add("softmax", lambda x: F.softmax(x, -1))
    add("log_softmax", lambda x: F.log_softmax(x, -1))
    # From its formula: the second derivative of PyTorch 1.13's own prelu with a slope per channel does not pass --check.
    record(file, "prelu", lambda x, weight: x.clamp(min=0) + weight * x.clamp(max=0), [away_from_zero(random("prelu.x", 2, 2, 2, 3))],
           {"weight": torch.tensor([0.25, -0.1, 0.6])}, op="prelu")


def reductions(file):
    def add(case, function, *shape, **config):
        record(file, case, function, [random(f"{case}.x", *shape)], **config)

    add("mean", lambda x: x.mean((1, 2)), 3, 2, 4, op="mean", axes=[1, 2])
    add("variance", lambda x: x.var(-1, unbiased=False), 3, 2, 4, op="variance", axes=[2], unbiased=False)
    add("variance_unbiased", lambda x: x.var((0, 1), unbiased=True), 3, 2, 4, op="variance", axes=[0, 1], unbiased=True)
    add("logsumexp", lambda x: torch.logsumexp(x, -1), 3, 5, op="logsumexp", axes=[1])
    add("l2_norm", lambda x: x.norm(2, -1), 3, 5, op="l2_norm", axes=[1])
    add("norm_per_sample", lambda x: x.flatten(1).norm(2, 1), 3, 2, 2, 3, op="norm_per_sample")


def classification(file):
    labels = torch.tensor([2, 0, 3, 3, 1, 0])
    record(file, "cross_entropy", lambda x: F.cross_entropy(x, labels), [random("cross_entropy.x", 6, 4)], None, {"labels": labels},
           op="cross_entropy")
    target = torch.tensor([[1.0, 0.0, 0.9], [0.0, 1.0, 0.3], [1.0, 1.0, 0.0], [0.5, 0.0, 1.0]])
    record(file, "bce_with_logits", lambda x: F.binary_cross_entropy_with_logits(x, target), [2 * random("bce.x", 4, 3)], None,
           {"target": target}, op="bce_with_logits")


def pooling_and_resampling(file):
    def add(case, function, *shape, **config):
        record(file, case, on_channels_first(function), [random(f"{case}.x", *shape)], **config)

    def pad(mode):
        return lambda x: F.pad(x, (1, 2, 2, 0), mode=mode)

    add("average_pool", lambda x: F.avg_pool2d(x, 2), 2, 4, 6, 2, op="average_pool", kernel=2, stride=2, padding=0)
    for include in (True, False):
        add("average_pool_count_padding" if include else "average_pool_skip_padding",
            lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=include), 2, 5, 6, 2, op="average_pool", kernel=3, stride=2, padding=1,
            count_include_padding=include)
    add("max_pool", lambda x: F.max_pool2d(x, 2), 2, 4, 6, 2, op="max_pool", kernel=2, stride=2, padding=0)
    add("max_pool_padding", lambda x: F.max_pool2d(x, 3, 2, 1), 2, 5, 6, 2, op="max_pool", kernel=3, stride=2, padding=1)
    record(file, "global_average_pool", lambda x: F.adaptive_avg_pool2d(channels_first(x), 1).flatten(1),
           [random("global_average_pool.x", 2, 3, 4, 3)], op="global_average_pool")
    add("pixel_shuffle", lambda x: F.pixel_shuffle(x, 2), 2, 2, 3, 8, op="pixel_shuffle", factor=2)
    for mode in ("nearest", "bilinear"):
        corners = {} if mode == "nearest" else {"align_corners": False}
        add(f"upsample_{mode}", lambda x: F.interpolate(x, scale_factor=2, mode=mode, **corners), 2, 3, 4, 2, op="upsample", mode=mode,
            factor=2)
        add(f"upsample_{mode}_to_size", lambda x: F.interpolate(x, size=(5, 7), mode=mode, **corners), 2, 3, 4, 2, op="upsample",
            mode=mode, size=[5, 7])
    for mode, torch_mode in (("reflect", "reflect"), ("replicate", "replicate")):
        add(f"pad_{mode}", pad(torch_mode), 2, 4, 3, 2, op="pad", mode=mode, padding=[[2, 0], [1, 2]])


def add_cases(file):
    for part in (linear_layers, attention, batch_norm, norms, activations, reductions, classification, pooling_and_resampling):
        part(file)
