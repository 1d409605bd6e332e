"""parts.safetensors: what networks are made of besides the plain layers."""
import torch
import torch.nn.functional as F

from recording import channels_first, channels_last, kernel_first, random, record


def normalisation(file):
    def pixel_norm(x):
        return x / torch.sqrt(x.square().mean(-1, keepdim=True) + 1e-8)

    record(file, "pixel_norm", pixel_norm, [random("pixel_norm.x", 2, 3, 2, 5)], op="pixel_norm")

    channels = 3
    for case, shape in [("virtual_batch_norm", (2, 3, 2, channels)), ("virtual_batch_norm_rank2", (4, channels))]:
        reference = 1.5 * random(f"{case}.reference", 5, *shape[1:]) + random(f"{case}.offset", channels)
        flat = reference.flatten(0, -2)
        mean, mean_square = flat.mean(0), flat.square().mean(0)

        def function(x, weight, bias):  # each sample with the reference batch, as the paper has it
            rows = []
            for sample in x:
                own = sample.reshape(-1, channels)
                m = own.mean(0) / 6 + mean * 5 / 6
                s = own.square().mean(0) / 6 + mean_square * 5 / 6
                rows.append((sample - m) / torch.sqrt(s - m ** 2 + 1e-5) * weight + bias)
            return torch.stack(rows)

        parameters = {"weight": random(f"{case}.weight", channels), "bias": random(f"{case}.bias", channels)}
        constants = {"reference": reference, "reference_mean": mean, "reference_var": flat.var(0, unbiased=False),
                     "reference_size": torch.tensor([5.0])}
        record(file, case, function, [random(f"{case}.x", *shape)], parameters, constants, op="virtual_batch_norm")


def minibatch(file):
    def discrimination(x, weight):
        m = (x @ weight.t()).reshape(len(x), 3, 2)  # 3 kernels of width 2
        closeness = torch.exp(-(m[:, None] - m[None]).abs().sum(-1))
        return torch.cat([x, closeness.sum(1)], 1)

    record(file, "minibatch_discrimination", discrimination, [random("minibatch_discrimination.x", 4, 5)],
           {"weight": 0.4 * random("minibatch_discrimination.weight", 6, 5)}, op="minibatch_discrimination")

    def deviation(group, features):
        def function(x):  # as StyleGAN's: channels first, then [group, M, features, channels, H, W]
            x = channels_first(x)
            n, c, h, w = x.shape
            y = x.reshape(group, n // group, features, c // features, h, w)
            y = torch.sqrt((y - y.mean(0)).square().mean(0) + 1e-8).mean((2, 3, 4))
            y = y.reshape(n // group, features, 1, 1).repeat(group, 1, h, w)
            return channels_last(torch.cat([x, y], 1))
        return function

    for case, group, features in [("minibatch_deviation", 4, 1), ("minibatch_deviation_two_features", 4, 2)]:
        record(file, case, deviation(group, features), [random(f"{case}.x", 8, 2, 3, 4)], op="minibatch_deviation", group=group,
               features=features)

    def packing(x):
        x = channels_first(x)
        return channels_last(x.reshape(3, 2 * x.shape[1], *x.shape[2:]))

    record(file, "packing", packing, [random("packing.x", 6, 2, 3, 2)], op="packing", count=2)


def attention_and_gates(file):
    def self_attention(pools):
        def function(x, query, key, value, output, gamma):
            x = channels_first(x)
            n, _, h, w = x.shape
            pool = (lambda y: F.max_pool2d(y, 2)) if pools else (lambda y: y)
            f = F.conv2d(x, kernel_first(query)).flatten(2)
            g = pool(F.conv2d(x, kernel_first(key))).flatten(2)
            v = pool(F.conv2d(x, kernel_first(value))).flatten(2)
            beta = torch.softmax(f.transpose(1, 2) @ g, -1)
            o = (v @ beta.transpose(1, 2)).reshape(n, -1, h, w)
            return channels_last(x + gamma * F.conv2d(o, kernel_first(output)))
        return function

    for case, pools in [("self_attention", False), ("self_attention_pooled", True)]:
        shapes = {"query.weight": (1, 1, 16, 2), "key.weight": (1, 1, 16, 2), "value.weight": (1, 1, 16, 8), "output.weight": (1, 1, 8, 16),
                  "gamma": (1,)}
        parameters = {name: 0.5 * random(f"{case}.{name}", *shape) for name, shape in shapes.items()}
        record(file, case, self_attention(pools), [random(f"{case}.x", 2, 4, 2, 16)], parameters, op="self_attention", pool=pools)

    def squeeze_excitation(x, w1, b1, w2, b2):
        gate = torch.sigmoid(F.linear(F.relu(F.linear(x.mean((1, 2)), w1, b1)), w2, b2))
        return x * gate[:, None, None, :]

    shapes = {"squeeze.weight": (3, 6), "squeeze.bias": (3,), "excite.weight": (6, 3), "excite.bias": (6,)}
    record(file, "squeeze_excitation", squeeze_excitation, [random("squeeze_excitation.x", 2, 3, 2, 6)],
           {name: random(f"squeeze_excitation.{name}", *shape) for name, shape in shapes.items()}, op="squeeze_excitation")

    record(file, "maxout", lambda x: x.reshape(2, 3, 2, 3).amax(-1), [random("maxout.x", 2, 3, 6)], op="maxout", pieces=3)


def residual_blocks(file):
    """As in the papers: the shortcut's convolution after the upsampling, and before the pooling except in the first block."""
    def conv(x, weight, bias):
        return F.conv2d(x, kernel_first(weight), bias, padding=weight.shape[0] // 2)

    def add(case, function, x_shape, shapes, **config):
        parameters = {name: 0.5 * random(f"{case}.{name}", *shape) for name, shape in shapes.items()}
        record(file, case, lambda x, *p: channels_last(function(channels_first(x), dict(zip(shapes, p)))),
               [random(f"{case}.x", *x_shape)], parameters, op="residual_block", **config)

    def layers(main, shortcut):
        shapes = {}
        for path, convs in (("main", main), ("shortcut", shortcut)):
            for place, k, i, o in convs:
                shapes[f"{path}.{place}.weight"] = (k, k, i, o)
                shapes[f"{path}.{place}.bias"] = (o,)
        return shapes

    def up(x, p):
        def enlarge(y):
            return F.interpolate(y, scale_factor=2, mode="nearest")
        h = conv(enlarge(F.relu(x)), p["main.2.weight"], p["main.2.bias"])
        h = conv(F.relu(h), p["main.4.weight"], p["main.4.bias"])
        return h + conv(enlarge(x), p["shortcut.0.weight"], p["shortcut.0.bias"])

    def up_with_norm(x, p):
        def enlarge(y):
            return F.interpolate(y, scale_factor=2, mode="nearest")
        def norm(y, weight, bias):
            return channels_first(F.layer_norm(channels_last(y), weight.shape, weight, bias))
        h = norm(x, p["main.0.weight"], p["main.0.bias"])
        h = conv(enlarge(F.relu(h)), p["main.3.weight"], p["main.3.bias"])
        h = norm(h, p["main.4.weight"], p["main.4.bias"])
        h = conv(F.relu(h), p["main.6.weight"], p["main.6.bias"])
        return h + conv(enlarge(x), p["shortcut.0.weight"], p["shortcut.0.bias"])

    def down(x, p):
        h = conv(F.relu(x), p["main.1.weight"], p["main.1.bias"])
        h = F.avg_pool2d(conv(F.relu(h), p["main.3.weight"], p["main.3.bias"]), 2)
        return h + F.avg_pool2d(conv(x, p["shortcut.1.weight"], p["shortcut.1.bias"]), 2)

    def first(x, p):
        h = conv(x, p["main.0.weight"], p["main.0.bias"])
        h = F.avg_pool2d(conv(F.relu(h), p["main.2.weight"], p["main.2.bias"]), 2)
        return h + conv(F.avg_pool2d(x, 2), p["shortcut.1.weight"], p["shortcut.1.bias"])

    def same_size(x, p):
        h = conv(F.relu(x), p["main.1.weight"], p["main.1.bias"])
        return x + conv(F.relu(h), p["main.3.weight"], p["main.3.bias"])

    add("residual_up", up, (2, 2, 3, 3), layers([(2, 3, 3, 2), (4, 3, 2, 2)], [(0, 1, 3, 2)]), block="up")
    norms = {"main.0.weight": (3,), "main.0.bias": (3,), "main.4.weight": (4,), "main.4.bias": (4,)}
    add("residual_up_layer_norm", up_with_norm, (2, 2, 3, 3),
        {**norms, **layers([(3, 3, 3, 4), (6, 3, 4, 4)], [(0, 1, 3, 4)])}, block="up_layer_norm")
    add("residual_down", down, (2, 4, 2, 3), layers([(1, 3, 3, 3), (3, 3, 3, 4)], [(1, 1, 3, 4)]), block="down")
    add("residual_first", first, (2, 4, 2, 3), layers([(0, 3, 3, 4), (2, 3, 4, 4)], [(1, 1, 3, 4)]), block="first")
    add("residual_same_size", same_size, (2, 3, 2, 3), layers([(1, 3, 3, 3), (3, 3, 3, 3)], []), block="same_size")


def add_cases(file):
    for part in (normalisation, minibatch, attention_and_gates, residual_blocks):
        part(file)
