#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../support/clock.hpp"
#include "../support/peak.hpp"

/// Measures eigan and its peers in turns: eigan, peer, eigan, next peer, and so on, so that both halves of each pair
/// meet the machine in the same state.
namespace turns {

struct Options {
  int pairs = 6;
  double seconds = 1e-2;  // of one turn, at least: of work repeated, not of its first time after a pause
  std::regex filter{""};
  std::string peer;  // the only one, or all

  bool wants(const std::string& name, const std::string& by) const {
    return (peer.empty() || peer == by) && std::regex_search(name + "/" + by, filter);
  }
  bool wants_any(const std::string& name, std::initializer_list<const char*> of) const {
    return std::any_of(of.begin(), of.end(), [&](const char* by) { return wants(name, by); });
  }
};

/// --pairs N, --seconds S, --filter REGEX, --peer NAME. Throws std::invalid_argument for anything else.
inline Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 == argc) throw std::invalid_argument(flag + " needs a value");
    if (flag == "--pairs")
      options.pairs = std::stoi(argv[i + 1]);
    else if (flag == "--seconds")
      options.seconds = std::stod(argv[i + 1]);
    else if (flag == "--filter")
      options.filter = argv[i + 1];
    else if (flag == "--peer")
      options.peer = argv[i + 1];
    else
      throw std::invalid_argument("expected --pairs, --seconds, --filter or --peer, got " + flag);
  }
  return options;
}

struct Peer {
  std::string name;
  std::function<void()> run;
};

class Turn {
 public:
  Turn(const std::function<void()>& run, double seconds) : run_(run) {
    run();
    const double once = std::min(support::time_of(run), support::time_of(run));
    repeats_ = std::max(1, static_cast<int>(seconds / std::max(once, 1e-9)));
  }
  double operator()() const {
    // OpenMP's workers of the one before spin on for some ten milliseconds, on a processor that this one needs.
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    run_();
    return support::time_of([&] {
             for (int i = 0; i < repeats_; ++i) run_();
           }) /
           repeats_;
  }

 private:
  const std::function<void()>& run_;
  int repeats_ = 1;
};

inline void print(const char* key, const std::vector<double>& values) {
  std::cout << '"' << key << "\": [";
  for (std::size_t i = 0; i < values.size(); ++i) std::cout << (i ? ", " : "") << values[i];
  std::cout << ']';
}

/// The name that is filtered and printed: "peers/matmul/square/64x64x64 NN/2 threads".
inline std::string full_name(const std::string& what) {
  const int threads = eigan::threads();
  return "peers/" + what + "/" + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

/// One line of JSON for each peer: the times of eigan and of the peer, pair by pair, in seconds, and the multiply-add
/// peaks in between.
inline void measure(const std::string& name, double operations, const std::function<void()>& eigan_run,
                    std::vector<Peer> peers, const Options& options) {
  std::erase_if(peers, [&](const Peer& peer) { return !options.wants(name, peer.name); });
  if (peers.empty()) return;
  struct Times {
    std::vector<double> eigan, peer;
  };
  std::vector<Times> times(peers.size());
  std::vector<double> peaks;
  const Turn eigan_turn(eigan_run, options.seconds);
  std::vector<Turn> peer_turns;
  for (const Peer& peer : peers) peer_turns.emplace_back(peer.run, options.seconds);
  for (int pair = 0; pair < options.pairs; ++pair) {
    peaks.push_back(support::arithmetic_peak());
    for (std::size_t i = 0; i < peers.size(); ++i) {
      times[i].eigan.push_back(eigan_turn());
      times[i].peer.push_back(peer_turns[i]());
    }
  }
  for (std::size_t i = 0; i < peers.size(); ++i) {
    std::cout << "{\"name\": \"" << name << "/" << peers[i].name << "\", \"peer\": \"" << peers[i].name
              << "\", \"threads\": " << eigan::threads() << ", \"operations\": " << operations << ", ";
    print("peaks", peaks);
    std::cout << ", ";
    print("eigan_times", times[i].eigan);
    std::cout << ", ";
    print("peer_times", times[i].peer);
    std::cout << "}" << std::endl;
  }
}

/// Throws std::runtime_error if a peer's result is not eigan's up to rounding.
inline void expect_equal(const std::string& what, const float* a, const float* b, eigan::Index size) {
  float difference = 0, largest = 0;
  for (eigan::Index i = 0; i < size; ++i) {
    difference = std::max(difference, std::abs(a[i] - b[i]));
    largest = std::max(largest, std::abs(a[i]));
  }
  if (!(difference <= 1e-4F * largest)) throw std::runtime_error(what + ": the results differ");
}

}  // namespace turns
