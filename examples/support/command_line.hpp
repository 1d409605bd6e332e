// The examples' command lines, by CLI11: in a file of its own, since CLI11 takes as long to compile as a small example.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace examples {

/// Options that fill variables, whose values before parse() are the defaults; --help lists them.
class CommandLine {
 public:
  explicit CommandLine(const std::string& description);
  ~CommandLine();

  /// A text; `variable`, if given, names an environment variable that is taken where the option is not given.
  void text(const std::string& name, std::string& value, const std::string& help, const std::string& variable = "");
  /// One of a list of words.
  void choice(const std::string& name, std::string& value, const std::string& help,
              const std::vector<std::string>& choices);
  void path(const std::string& name, std::filesystem::path& value, const std::string& help);
  /// A whole number of at least `lowest`.
  void number(const std::string& name, std::ptrdiff_t& value, const std::string& help, std::ptrdiff_t lowest = 1);
  void number(const std::string& name, int& value, const std::string& help, int lowest = 1);
  void number(const std::string& name, std::uint64_t& value, const std::string& help);
  /// A number above 0.
  void factor(const std::string& name, double& value, const std::string& help);
  /// The two options, both added before, cannot be given together.
  void exclude(const std::string& name, const std::string& other);
  /// One that was added before has to be given.
  void require(const std::string& name);
  void flag(const std::string& name, bool& value, const std::string& help);

  /// Fills the variables. Gives the program's exit status if that was all: after --help, or a flag that is wrong.
  std::optional<int> parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
};

/// Gives the program's exit status: what run() returns, or 1 after an exception, whose sentence then stands on
/// std::cerr behind the program's name.
int report_errors(const char* program, const std::function<int()>& run);

}  // namespace examples
