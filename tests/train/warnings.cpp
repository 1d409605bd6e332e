#include <cstdio>
#include <unistd.h>

#include "setup.hpp"

using namespace test;

namespace {

/// Keeps what it is told, and when.
struct Told {
  std::vector<std::string>* texts;
  void start(train::Session<float>&) { texts->push_back("start"); }
  void operator()(const train::StepReport& report) { texts->push_back("step " + std::to_string(report.step)); }
  void warning(const std::string& text) { texts->push_back(text); }
};

/// Whether warnings has one entry, and that holds both texts.
void check_one(const std::vector<std::string>& warnings, std::string_view first, std::string_view second) {
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Catch::Contains("instruction set " + std::string(first) + ",") &&
                              Catch::Contains("is on " + std::string(second) + ";"));
}

}  // namespace

TEST_CASE("a warning reaches every callback once, before the first step or at once while training runs",
          "[train][warnings]") {
  Gan gan;
  std::vector<std::string> first, second;
  gan.trainer.warn("early");
  gan.trainer.add(Told{&first});
  gan.trainer.add([](const train::StepReport& report, auto& session) {
    if (report.step == 1) session.warn("in between");
  });
  gan.trainer.add(Told{&second});
  CHECK(first.empty());
  gan.trainer.train(circle(), 2);
  CHECK(first == std::vector<std::string>{"early", "start", "step 1", "in between", "step 2"});
  CHECK(second == std::vector<std::string>{"early", "start", "in between", "step 1", "step 2"});
  CHECK(gan.trainer.warnings() == std::vector<std::string>{"early", "in between"});

  gan.trainer.warn("late");
  CHECK(first.back() == "step 2");
  gan.trainer.step(circle(32).points);
  CHECK(first == std::vector<std::string>{"early", "start", "step 1", "in between", "step 2", "late", "step 3"});
}

TEST_CASE("warnings wait for the next run where a callback ended the last one by throwing", "[train][warnings]") {
  Gan gan;
  std::vector<std::string> told;
  gan.trainer.add(Told{&told});
  gan.trainer.add([](const train::StepReport& report) {
    if (report.step == 1) throw ConfigError("enough");
  });
  CHECK_THROWS_AS(gan.trainer.train(circle(), 2), ConfigError);
  gan.trainer.warn("afterwards");
  CHECK(told == std::vector<std::string>{"start", "step 1"});
  gan.trainer.train(circle(), 2);
  CHECK(told == std::vector<std::string>{"start", "step 1", "afterwards", "start", "step 2"});
}

TEST_CASE("the progress bar writes a line for each warning to standard error", "[train][warnings]") {
  const Directory directory("stderr");
  const std::string path = (directory / "stderr").string();
  std::fflush(stderr);
  const int before = dup(STDERR_FILENO);
  REQUIRE(std::freopen(path.c_str(), "w", stderr));
  Gan gan;
  gan.trainer.add(train::ProgressBar());
  gan.trainer.warn("something to know");
  gan.trainer.train(circle(), 1);
  std::fflush(stderr);
  dup2(before, STDERR_FILENO);
  close(before);
  CHECK(bytes_of(path) == "eigan: something to know\n");
}

TEST_CASE("a checkpoint names its instruction set, and one of another set resumes with a warning",
          "[train][warnings]") {
  const Directory directory("other-set");
  Gan saved;
  saved.trainer.train(circle(), 2);
  saved.trainer.save(directory / "checkpoint");
  io::SafetensorsFile file = io::load_safetensors(directory / "checkpoint");
  CHECK(file.metadata("instruction_set") == instruction_set_name());

  file.set_metadata("instruction_set", "abacus");
  io::save_safetensors(directory / "foreign", file);
  Gan resumed;
  resumed.trainer.resume(directory / "foreign");
  CHECK(resumed.trainer.step() == 2);
  check_one(resumed.trainer.warnings(), "abacus", instruction_set_name());
  CHECK_THAT(resumed.trainer.warnings()[0], Catch::Contains("foreign: "));
}

TEST_CASE("a checkpoint from before instruction sets were written resumes without a warning", "[train][warnings]") {
  const Directory directory("old-checkpoint");
  Gan saved;
  saved.trainer.train(circle(), 2);
  saved.trainer.save(directory / "checkpoint");
  io::SafetensorsFile file = io::load_safetensors(directory / "checkpoint");
  auto metadata = file.metadata();
  CHECK(std::erase_if(metadata, [](const auto& entry) { return entry.first == "instruction_set"; }) == 1);
  file.set_metadata(metadata);
  io::save_safetensors(directory / "old", file);
  Gan resumed;
  resumed.trainer.resume(directory / "old");
  CHECK(resumed.trainer.step() == 2);
  CHECK(resumed.trainer.warnings().empty());
}

TEST_CASE("resuming on each instruction set from each: a warning if they differ, the same file if not",
          "[train][warnings]") {
  const Directory directory("sets");
  const InstructionSet before = instruction_set();
  std::vector<InstructionSet> sets;
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
    if (is_available(set)) sets.push_back(set);
  for (const auto from : sets) {
    set_instruction_set(from);
    Gan saved;
    saved.trainer.train(circle(), 3);
    saved.trainer.save(directory / "checkpoint");
    saved.trainer.train(circle(), 6);
    saved.trainer.save(directory / "through");
    for (const auto to : sets) {
      set_instruction_set(to);
      Gan resumed;
      resumed.trainer.resume(directory / "checkpoint");
      if (from == to) {
        CHECK(resumed.trainer.warnings().empty());
        resumed.trainer.train(circle(), 6);
        resumed.trainer.save(directory / "resumed");
        CHECK(bytes_of(directory / "resumed") == bytes_of(directory / "through"));
      } else {
        check_one(resumed.trainer.warnings(), instruction_set_name(from), instruction_set_name(to));
      }
    }
  }
  set_instruction_set(before);
}
