"""The picture of the README: training steps of eigan and PyTorch, in GFLOP/s of what a step needs, beside the peak."""
from statistics import median
from xml.sax.saxutils import escape

from harness.paired import Ratio
from harness.tables import fastest, of, times

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 760, 340, 56, 64, 56
COLOURS = {"eigan": "#1f77b4", "PyTorch, fastest variant": "#ff9d4d", "PyTorch as written": "#c9c9c9"}


def groups_of(entries):
    """What is drawn for each case, on as many threads as were used at most: rates in GFLOP/s, ratios, the peak."""
    steps = [entry for entry in of(entries, "peers") if "case" in entry and not entry["case"].startswith("sample")]
    most = max((entry["threads"] for entry in steps), default=0)
    cases = {}
    for entry in steps:
        if entry["threads"] == most:
            cases.setdefault((entry["case"], entry["batch"]), {})[entry["peer"]] = entry
    groups = []
    for (case, batch), peers in cases.items():
        best, plain = fastest(peers), peers.get("PyTorch plain")
        if best is None:
            continue
        others = [peer for peer in (best, plain) if peer]
        rate = best["operations"] * 1e-9
        groups.append({"case": case, "batch": f"batch {batch}",
                       "bars": [rate / median(times(best["processes"])),
                                *(rate / median(times(peer["processes"], "peer_times")) for peer in others)],
                       "ratios": [Ratio(peer["processes"]).median for peer in others],
                       "peak": median(times(best["processes"], "peaks")) * 1e-9})
    return groups, most


def text(x, y, content, size=12, anchor="middle", fill="#222", extra=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"{extra}>'
            f"{escape(content)}</text>")


def svg(results):
    """None if there is nothing to draw."""
    groups, threads = groups_of(list(results["entries"].values()))
    if not groups:
        return None
    peak = median(group["peak"] for group in groups)
    highest = max(peak, *(bar for group in groups for bar in group["bars"]))
    scale = (HEIGHT - TOP - BOTTOM) / (1.05 * highest)
    ground = HEIGHT - BOTTOM
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    x = LEFT
    for name, colour in COLOURS.items():
        parts += [f'<rect x="{x}" y="14" width="12" height="12" fill="{colour}"/>', text(x + 18, 25, name, anchor="start")]
        x += 40 + 7 * len(name)
    parts.append(text(WIDTH - 10, 25, f"training steps, threads: {threads}", anchor="end", fill="#555"))
    step = 50 if highest < 300 else 100
    for value in range(0, int(highest) + 1, step):
        y = ground - value * scale
        parts += [f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - 10}" y2="{y:.1f}" stroke="#e4e4e4"/>',
                  text(LEFT - 6, y + 4, str(value), 11, "end", "#555")]
    parts.append(text(14, (ground + TOP) / 2, "GFLOP/s", 12, fill="#555",
                      extra=f' transform="rotate(-90 14 {(ground + TOP) / 2:.1f})"'))
    pitch = (WIDTH - 10 - LEFT) / len(groups)
    bar = min(36.0, pitch / 3.3)
    for i, group in enumerate(groups):
        middle = LEFT + pitch * (i + 0.5)
        for j, (value, colour) in enumerate(zip(group["bars"], COLOURS.values())):
            left = middle + (j - 1.5) * bar
            parts.append(f'<rect x="{left:.1f}" y="{ground - value * scale:.1f}" width="{bar - 2:.1f}" '
                         f'height="{value * scale:.1f}" fill="{colour}"/>')
            if j > 0:
                parts.append(text(left + bar / 2 - 1, ground - value * scale - 4, f"1/{group['ratios'][j - 1]:.2f}", 10))
        parts += [text(middle, ground + 16, group["case"]), text(middle, ground + 30, group["batch"], 10, fill="#555")]
    y = ground - peak * scale
    parts += [f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - 10}" y2="{y:.1f}" stroke="#b00" stroke-dasharray="6 4"/>',
              text(LEFT + 4, y - 5, f"peak, {peak:.0f}", 11, "start", "#b00")]
    parts += [text(LEFT, HEIGHT - 10, "of the direct method's arithmetic: algorithms that need less of it may pass the peak. "
                   "1/r: eigan is r times faster", 11, "start", "#555"), "</svg>"]
    return "\n".join(parts) + "\n"
