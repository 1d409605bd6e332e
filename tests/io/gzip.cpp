#include <string>

#include <eigan/io/gzip.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;

namespace {

// "hello hello hello" as the command gzip -n packs it.
const std::string packed(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x00\x80\x88\xf9\xe5\x11\x00\x00\x00",
    28);

std::string unpack(const std::string& bytes, std::uint64_t limit = 1 << 20) {
  const auto unpacked = io::gunzip(scratch::bytes(bytes), "file", limit);
  return {reinterpret_cast<const char*>(unpacked.data()), unpacked.size()};
}

std::string refusal(const std::string& bytes, std::uint64_t limit = 1 << 20) {
  return scratch::thrown([&] { unpack(bytes, limit); });
}

}  // namespace

TEST_CASE("gzip data unpacks, one member or several", "[io][gzip]") {
  CHECK(unpack(packed) == "hello hello hello");
  CHECK(unpack(packed + packed) == "hello hello hellohello hello hello");
}

TEST_CASE("a file is unpacked by its first bytes, not by its name", "[io][gzip]") {
  const scratch::Directory directory;
  scratch::write(directory / "raw.gz", "plain");
  scratch::write(directory / "packed", packed);
  scratch::write(directory / "empty", "");
  CHECK(io::read_raw_or_gzip(directory / "raw.gz").size() == 5);
  CHECK(io::read_raw_or_gzip(directory / "packed").size() == 17);
  CHECK(io::read_raw_or_gzip(directory / "empty").empty());
}

TEST_CASE("gzip data that is cut is refused wherever it is cut", "[io][gzip][hostile]") {
  for (std::size_t bytes = 2; bytes < packed.size(); ++bytes)
    CHECK(refusal(packed.substr(0, bytes)) == "file: the gzip data is cut (at byte " + std::to_string(bytes) + ")");
  CHECK(refusal("") == "file: the gzip data is cut (at byte 0)");
}

TEST_CASE("damage to gzip data is refused, or changes nothing", "[io][gzip][hostile]") {
  for (std::size_t place = 0; place < packed.size(); ++place)
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128}) {
      std::string damaged = packed;
      damaged[place] = static_cast<char>(damaged[place] ^ flip);
      INFO("byte " << place << " flipped by " << flip);
      CHECK((refusal(damaged) != "nothing was thrown" || unpack(damaged) == "hello hello hello"));
    }
  std::string damaged = packed;
  damaged[20] = static_cast<char>(damaged[20] ^ 1);
  CHECK(refusal(damaged) == "file: the gzip data is damaged: incorrect data check (at byte 24)");
}

TEST_CASE("bytes after gzip data are refused", "[io][gzip][hostile]") {
  CHECK(refusal(packed + "x") == "file: expected the end of the gzip data, got more bytes (at byte 28)");
  CHECK(refusal(packed + packed.substr(0, 9)) == "file: the gzip data is cut (at byte 37)");
}

TEST_CASE("gzip data that unpacks beyond the limit is refused", "[io][gzip][hostile]") {
  CHECK(unpack(packed, 17) == "hello hello hello");
  CHECK(refusal(packed, 16).find("unpacks to more than 16 bytes") != std::string::npos);
  CHECK(refusal(packed, 0).find("unpacks to more than 0 bytes") != std::string::npos);
}
