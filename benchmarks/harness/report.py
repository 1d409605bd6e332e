"""All tables of some results, and the page that holds them."""
from harness import tables as made
from harness.watch import DISTURBED


def tables(results):
    entries = list(results["entries"].values())
    return "\n".join(filter(None, [
        made.peer_steps(entries),
        made.own_steps(entries),
        made.plain_builds(entries),
        made.neighbours(entries),
        made.peer_kernels(entries),
        made.by_threads(entries, "kernels", "Kernels", "GFLOP/s", "of_peak"),
        made.by_threads(entries, "passes", "Passes that memory holds up", "GB/s", "of_bandwidth"),
        made.by_threads(entries, "layers", "Layers", None, None),
        made.by_threads(entries, "discriminator_update", "Discriminator updates with penalties", None, None),
        made.compilation(entries)]))


def page(results):
    machine, about = results["machine"], results["about"]
    torch = about.get("PyTorch")
    lines = ["# Measured", "",
             f"{machine['date']}, commit {machine['commit']}, on {machine['processors']} processors of "
             f"{machine['processor']} {'with' if machine['avx512'] else 'without'} AVX-512, {machine['system']}, "
             f"{machine['compiler']}."]
    if torch:
        lines.append(f"PyTorch {torch['version']} with {', '.join(torch['blas']) or 'no BLAS'}.")
    if "libraries" in about:
        lines.append(about["libraries"] + ".")
    if any(entry["quick"] for entry in results["entries"].values()):
        lines += ["", "**In part measured with --quick: for a look, not for a claim.**"]
    disturbed = [entry for entry in results["entries"].values() if entry["others"] > DISTURBED]
    if disturbed:
        shares = [entry["others"] for entry in disturbed]
        lines += ["", f"**Disturbed**: during {len(disturbed)} of the {len(results['entries'])} measurements other "
                  f"processes took {min(shares):.0%} to {max(shares):.0%} of the processors. Most:", "",
                  *(f"- {entry['name']} ({entry['others']:.0%})"
                    for entry in sorted(disturbed, key=lambda one: -one["others"])[:5])]
    return "\n".join([*lines, "", "Made by benchmarks/report.py of what these commands measured:", "",
                      *(f"    {command}" for command in results["commands"]), "", tables(results)])
