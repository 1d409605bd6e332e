#include <string>

#include <eigan/io/npy.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;

namespace {

/// A version 1.0 file, its header unpadded.
std::string file_of(const std::string& header, const std::string& data) {
  return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size() & 0xff) +
         static_cast<char>(header.size() >> 8) + header + data;
}

template <class T = float>
std::string refusal(const std::string& content) {
  return scratch::thrown([&] { io::parse_npy<T>(scratch::bytes(content), "file"); });
}

}  // namespace

TEST_CASE("a .npy file has the bytes that NumPy writes", "[io][npy]") {
  const scratch::Directory directory;
  io::save_npy(directory / "file", Tensor<float>::from(std::vector<float>{1, 2, 3, 4, 5, -2}, Shape{2, 3}));
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  const std::string expected = std::string("\x93NUMPY\1\0\x76\0", 10) + header + std::string(117 - header.size(), ' ') +
                               "\n" +
                               std::string("\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40\0\0\xa0\x40\0\0\0\xc0", 24);
  CHECK(scratch::read(directory / "file") == expected);
}

TEMPLATE_TEST_CASE("tensors of any element type and shape come back from .npy", "[io][npy]", float, double,
                   std::int32_t, std::int64_t, std::uint8_t) {
  const scratch::Directory directory;
  for (const Shape& shape : {Shape{}, Shape{3}, Shape{2, 0}, Shape{2, 3}, Shape{1, 2, 3, 1, 2}}) {
    Tensor<TestType> tensor(shape);
    for (Index i = 0; i < tensor.size(); ++i) tensor.mutable_data()[i] = static_cast<TestType>(i * 5 + 1);
    io::save_npy(directory / "file", tensor);
    CHECK(scratch::read(directory / "file").find('\n') % 64 == 63);
    const auto back = io::load_npy<TestType>(directory / "file");
    CHECK(back.shape() == shape);
    CHECK(std::equal(tensor.data(), tensor.data() + tensor.size(), back.data()));
  }
}

TEST_CASE(".npy headers in other words are read", "[io][npy]") {
  const std::string one(4, '\0');
  CHECK(io::parse_npy<float>(scratch::bytes(file_of("{'shape':(1,),'fortran_order':False,'descr':'<f4'}", one)), "file")
            .shape() == Shape{1});
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
  const std::string second =
      std::string("\x93NUMPY\2\0", 8) + static_cast<char>(header.size()) + std::string(3, '\0') + header + one;
  CHECK(io::parse_npy<float>(scratch::bytes(second), "file").shape() == Shape{});
}

TEST_CASE(".npy files that are cut, foreign or of other elements are refused", "[io][npy][hostile]") {
  const auto header = [](const std::string& type, const std::string& order, const std::string& shape) {
    return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': (" + shape + "), }";
  };
  const std::string whole = file_of(header("<f4", "False", "2,"), "12345678");
  CHECK(refusal(whole) == "nothing was thrown");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    CHECK(refusal(whole.substr(0, bytes)) != "nothing was thrown");
  CHECK(refusal("PK\3\4") == "file: expected a .npy file, which begins with \\x93NUMPY (at byte 0)");
  CHECK(refusal<double>(whole) == "file: expected elements <f8, got <f4 (at byte 10)");
  CHECK(refusal(file_of(header(">f4", "False", "2,"), "12345678")).find("got >f4") != std::string::npos);
  CHECK(refusal(file_of(header("<f4", "True", "2,"), "12345678")).find("got Fortran order") != std::string::npos);
  CHECK(refusal(whole + "x").find("expected 8 bytes for [2], got 9") != std::string::npos);
  CHECK(refusal(file_of(header("<f4", "False", "4294967296, 4294967296, 4294967296"), "")).find("too large") !=
        std::string::npos);
  CHECK(refusal(file_of(header("<f4", "False", "1, 1, 1, 1, 1, 1, 1, 1, 1"), "1234")).find("8 axes") !=
        std::string::npos);
  CHECK(refusal(std::string("\x93NUMPY\x09\0\0\0\0\0", 12)).find("version 1 to 3") != std::string::npos);
  for (const char* const bad :
       {"", "{", "{}", "[]", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': 2}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "{'descr': '<f4, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}"}) {
    INFO(bad);
    CHECK(refusal(file_of(bad, "12345678")) != "nothing was thrown");
  }
}
