"""conditions.safetensors: layers that are told what is asked for, and losses on discriminators that classify.

Layers hold `labels` and `values` besides, what was asked of the samples. Losses are of x = logits of real, x2 = of generated samples,
x3 = classes of real, x4 = of generated samples and, where there is a twin, x5 = its classes of generated samples, all as one
discriminator returns them; `real_labels` and `fake_labels`, or `codes`, are what was asked."""
import torch
import torch.nn.functional as F

from recording import channels_first, channels_last, random, record

LABELS = torch.tensor([2, 0, 1, 2])
CLASSES, EMBEDDING, VALUES = 3, 4, 2


def told(case):
    return {"labels": LABELS, "values": random(f"{case}.values", len(LABELS), VALUES)}


def spread(features, x):
    """[N, F] as [N, 1, ..., F], of x's rank."""
    return features.reshape(len(features), *[1] * (x.dim() - 2), -1)


def modulated(normalised, both):
    gain, shift = both.chunk(2, -1)
    return normalised * (1 + spread(gain, normalised)) + spread(shift, normalised)


def layers(file):
    case = "concat_condition"
    constants = told(case)

    def concat(x, embedding):
        features = torch.cat([F.embedding(LABELS, embedding), constants["values"]], 1)
        return torch.cat([x, spread(features, x).expand(*x.shape[:-1], features.shape[1])], -1)

    record(file, case, concat, [random(f"{case}.x", 4, 2, 3, 5)], {"embedding": random(f"{case}.embedding", CLASSES, EMBEDDING)},
           constants, op="layer")

    channels = 3
    running = {"running_mean": random("conditional_batch_norm.running_mean", channels),
               "running_var": random("conditional_batch_norm.running_var", channels).square() + 0.5}
    for case, shape, training in [("conditional_batch_norm", (4, 2, 3, channels), True),
                                  ("conditional_batch_norm_evaluating", (4, 2, 3, channels), False),
                                  ("conditional_batch_norm_rank2", (4, channels), True)]:
        def batch_norm(x, weight):
            statistics = [value.clone() for value in running.values()]
            normalised = channels_last(F.batch_norm(channels_first(x), *statistics, training=training))
            return modulated(normalised, F.embedding(LABELS, weight.t()))

        record(file, case, batch_norm, [random(f"{case}.x", *shape)], {"weight": random(f"{case}.weight", 2 * channels, CLASSES)},
               {**told(case), **running}, op="layer")

    case = "adaptive_instance_norm"
    styles = told(case)

    def instance_norm(x, weight):
        return modulated(channels_last(F.instance_norm(channels_first(x))), F.linear(styles["values"], weight))

    record(file, case, instance_norm, [random(f"{case}.x", 4, 3, 2, channels)],
           {"weight": random(f"{case}.weight", 2 * channels, VALUES)}, styles, op="layer")

    case = "projection"
    record(file, case, lambda x, w, b, v: F.linear(x, w, b) + (F.embedding(LABELS, v.t()) * x).sum(1, keepdim=True),
           [random(f"{case}.x", 4, 5)],
           {"head.weight": random(f"{case}.head.weight", 1, 5), "head.bias": random(f"{case}.head.bias", 1),
            "condition.weight": random(f"{case}.condition.weight", 5, CLASSES)}, told(case), op="layer")

    case = "projection_of_both"
    both = told(case)

    def projection(x, embedding, w, b, v):
        return F.linear(x, w, b) + (F.linear(torch.cat([F.embedding(LABELS, embedding), both["values"]], 1), v) * x).sum(1, keepdim=True)

    record(file, case, projection, [random(f"{case}.x", 4, 5)],
           {"embedding": random(f"{case}.embedding", CLASSES, EMBEDDING), "head.weight": random(f"{case}.head.weight", 1, 5),
            "head.bias": random(f"{case}.head.bias", 1),
            "condition.weight": random(f"{case}.condition.weight", 5, EMBEDDING + VALUES)}, both, op="layer")


def losses(file):
    real_labels, fake_labels = torch.tensor([0, 2, 1, 1, 0]), torch.tensor([1, 1, 0, 2, 2])
    bce = F.binary_cross_entropy_with_logits

    def adversarial(real, fake):
        return bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))

    def add(case, discriminator, generator, width, twin=False, constants=None):
        inputs = [2 * random(f"{case}.{name}", 5, 1 if name in ("real", "fake") else width)
                  for name in ["real", "fake", "real_classes", "fake_classes", *(["twin"] if twin else [])]]
        constants = constants or {"real_labels": real_labels, "fake_labels": fake_labels}
        # Each input counts, if only by 0, so that all of them have gradients.
        def of_all(loss):
            return lambda *x: loss(*x) + 0 * sum(each.sum() for each in x)

        record(file, f"{case}.discriminator", of_all(discriminator), inputs, None, constants, op="loss")
        record(file, f"{case}.generator", of_all(generator), inputs, None, constants, op="loss")

    def ac_discriminator(real, fake, real_classes, fake_classes):
        return adversarial(real, fake) + 0.7 * (F.cross_entropy(real_classes, real_labels) + F.cross_entropy(fake_classes, fake_labels))

    def ac_generator(real, fake, real_classes, fake_classes):
        return bce(fake, torch.ones_like(fake)) + 0.7 * F.cross_entropy(fake_classes, fake_labels)

    add("auxiliary_classifier", ac_discriminator, ac_generator, CLASSES)

    def tac_discriminator(real, fake, real_classes, fake_classes, twin):
        return F.relu(1 - real).mean() + F.relu(1 + fake).mean() + F.cross_entropy(real_classes, real_labels) \
            + F.cross_entropy(twin, fake_labels)

    def tac_generator(real, fake, real_classes, fake_classes, twin):
        return -fake.mean() + F.cross_entropy(fake_classes, fake_labels) - F.cross_entropy(twin, fake_labels)

    add("twin_auxiliary_classifier", tac_discriminator, tac_generator, CLASSES, twin=True)

    def crammer_singer(scores, labels):
        right = scores.gather(1, labels[:, None])[:, 0]
        others = scores.masked_fill(F.one_hot(labels, scores.shape[1]).bool(), -torch.inf).amax(1)
        return F.relu(1 - right + others).mean()

    generated = torch.full_like(fake_labels, CLASSES)
    add("multi_hinge", lambda r, f, rc, fc: crammer_singer(rc, real_labels) + crammer_singer(fc, generated),
        lambda r, f, rc, fc: crammer_singer(fc, fake_labels), CLASSES + 1)

    # Two categorical codes of 3 and 2, and two continuous ones.
    continuous = random("info_gan.continuous", 5, 2)
    first, second = fake_labels, torch.tensor([0, 1, 1, 0, 1])
    codes = torch.cat([F.one_hot(first, 3), F.one_hot(second, 2), continuous], 1)

    def information(found):
        categorical = F.cross_entropy(found[:, :3], first) + F.cross_entropy(found[:, 3:5], second)
        squares = F.gaussian_nll_loss(found[:, 5:], continuous, torch.ones(5, 2), reduction="sum") / 5
        return 0.8 * categorical + 0.3 * squares

    add("info_gan", lambda r, f, rc, fc: adversarial(r, f) + information(fc),
        lambda r, f, rc, fc: bce(f, torch.ones_like(f)) + information(fc), 7, constants={"codes": codes})


def add_cases(file):
    for part in (layers, losses):
        part(file)
