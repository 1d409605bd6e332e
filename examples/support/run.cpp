#include "run.hpp"

namespace examples {

void add_flags(CommandLine& line, RunFlags& flags) {
  line.number("--steps", flags.steps, "steps of the whole run");
  line.number("--batch", flags.batch, "samples per update");
  line.number("--seed", flags.seed, "of everything random");
  line.number("--threads", flags.threads, "threads; 0: one per processor", 0);
  line.path("--out", flags.out, "directory for what the run makes");
  line.number("--every", flags.every, "steps from one picture and checkpoint to the next");
  line.flag("--resume", flags.resume, "go on from the checkpoint in --out");
}

}  // namespace examples
