#include "command_line.hpp"

#include <cmath>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

namespace examples {

CommandLine::CommandLine(const std::string& description) : app_(std::make_unique<CLI::App>(description)) {}
CommandLine::~CommandLine() = default;

void CommandLine::text(const std::string& name, std::string& value, const std::string& help,
                       const std::string& variable) {
  CLI::Option* const option = app_->add_option(name, value, help);
  if (!variable.empty()) option->envname(variable);
}

void CommandLine::choice(const std::string& name, std::string& value, const std::string& help,
                         const std::vector<std::string>& choices) {
  app_->add_option(name, value, help)->check(CLI::IsMember(choices))->capture_default_str();
}

void CommandLine::path(const std::string& name, std::filesystem::path& value, const std::string& help) {
  app_->add_option(name, value, help)->capture_default_str();
}

namespace {

// CLI11 asks what is wrong with a text; nothing is the empty text.
CLI::Validator at_least(std::ptrdiff_t lowest) {
  return CLI::Validator(
      [lowest](const std::string& text) {
        std::ptrdiff_t number = 0;
        if (CLI::detail::lexical_cast(text, number) && number >= lowest) return std::string();
        return "expected a whole number of at least " + std::to_string(lowest) + ", got " + text;
      },
      "");
}

CLI::Validator positive() {
  return CLI::Validator(
      [](const std::string& text) {
        double number = 0;
        if (CLI::detail::lexical_cast(text, number) && number > 0 && std::isfinite(number)) return std::string();
        return "expected a number above 0, got " + text;
      },
      "");
}

}  // namespace

void CommandLine::number(const std::string& name, std::ptrdiff_t& value, const std::string& help,
                         std::ptrdiff_t lowest) {
  app_->add_option(name, value, help)->check(at_least(lowest))->capture_default_str();
}

void CommandLine::number(const std::string& name, int& value, const std::string& help, int lowest) {
  app_->add_option(name, value, help)->check(at_least(lowest))->capture_default_str();
}

void CommandLine::number(const std::string& name, std::uint64_t& value, const std::string& help) {
  app_->add_option(name, value, help)->capture_default_str();
}

void CommandLine::factor(const std::string& name, double& value, const std::string& help) {
  app_->add_option(name, value, help)->check(positive())->capture_default_str();
}

void CommandLine::exclude(const std::string& name, const std::string& other) {
  app_->get_option(name)->excludes(app_->get_option(other));
}

void CommandLine::require(const std::string& name) { app_->get_option(name)->required(); }

void CommandLine::flag(const std::string& name, bool& value, const std::string& help) {
  app_->add_flag(name, value, help);
}

std::optional<int> CommandLine::parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return app_->exit(error);
  }
}

int report_errors(const char* program, const std::function<int()>& run) {
  try {
    return run();
  } catch (const std::exception& error) {
    std::cerr << program << ": " << error.what() << "\n";
    return 1;
  }
}

}  // namespace examples
