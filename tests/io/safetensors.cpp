#include <cmath>
#include <limits>
#include <string>

#include <eigan/io/safetensors.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;
using io::SafetensorsFile;

namespace {

/// A file of this header and so much data.
std::string file_of(const std::string& header, std::size_t data_bytes, char fill = '\0') {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + std::string(data_bytes, fill);
}

std::string refusal(const std::string& content) {
  return scratch::thrown([&] { io::parse_safetensors(scratch::bytes(content), "file"); });
}

std::string text_of(const SafetensorsFile& file) {
  const auto bytes = io::to_bytes(file);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string record(const std::string& name, const std::string& dtype, const std::string& shape,
                   const std::string& range) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + range + "]}";
}

}  // namespace

TEST_CASE("a safetensors file has the bytes that its specification says", "[io][safetensors]") {
  SafetensorsFile file;
  file.set_metadata("step", "7");
  file.add("w", Tensor<float>::from({1.0F, -2.0F}));
  file.add("n", Tensor<std::int64_t>::scalar(258));
  const std::string header = R"({"__metadata__":{"step":"7"},"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},)"
                             R"("n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  const std::string data("\x02\x01\0\0\0\0\0\0\0\0\x80\x3f\0\0\0\xc0", 16);
  CHECK(text_of(file) == file_of(padded, 0) + data);
}

TEST_CASE("safetensors come back as they were saved, names and metadata in order", "[io][safetensors]") {
  const scratch::Directory directory;
  SafetensorsFile file;
  file.set_metadata("zeta", "quote \" backslash \\ newline \n tab \t bell \a umlaut \xc3\xa4");
  file.set_metadata("alpha", "");
  file.add("z.bytes", Tensor<std::uint8_t>::from({1, 2, 255}));
  file.add("a.double", Tensor<double>::from(std::vector<double>{1.5, -0.0, 1e300, 4, 5, 6}, Shape{2, 3}));
  file.add("m.float", Tensor<float>::full(Shape{2, 0, 3}, 1));
  file.add("b.int", Tensor<std::int32_t>::from({-1, std::numeric_limits<std::int32_t>::min()}));
  file.add("\"odd\"\\name\n", Tensor<std::int64_t>::scalar(std::numeric_limits<std::int64_t>::min()));
  io::save_safetensors(directory / "file", file);
  const SafetensorsFile back = io::load_safetensors(directory / "file");

  CHECK(back.names() == file.names());
  CHECK(back.metadata() == file.metadata());
  CHECK(back.metadata("zeta") == file.metadata("zeta"));
  CHECK(back.find_metadata("beta") == nullptr);
  CHECK(back.get<double>("a.double").shape() == Shape{2, 3});
  CHECK(back.get<double>("a.double").data()[2] == 1e300);
  CHECK(std::signbit(back.get<double>("a.double").data()[1]));
  CHECK(back.get<float>("m.float").shape() == Shape{2, 0, 3});
  CHECK(back.get<std::uint8_t>("z.bytes").data()[2] == 255);
  CHECK(back.get<std::int32_t>("b.int").data()[1] == std::numeric_limits<std::int32_t>::min());
  CHECK(back.get<std::int64_t>("\"odd\"\\name\n").item() == std::numeric_limits<std::int64_t>::min());
  CHECK(text_of(back) == text_of(file));
  CHECK(scratch::read(directory / "file") == text_of(file));
  CHECK(directory.entries() == 1);
}

TEST_CASE("an empty safetensors file is legal", "[io][safetensors]") {
  CHECK(text_of(SafetensorsFile()) == file_of("{}      ", 0));
  CHECK(io::parse_safetensors(scratch::bytes(file_of("{}", 0)), "file").size() == 0);
}

TEST_CASE("files of other safetensors writers are read", "[io][safetensors]") {
  // Records in another order than the data, space within the JSON, escapes, an empty tensor between the ranges.
  const std::string header = R"({ "b" : {"shape":[2], "data_offsets":[4,6], "dtype":"U8"},
    "\u0061\ud83d\ude00":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}, "e":{"dtype":"F64","shape":[0],"data_offsets":[4,4]},
    "__metadata__":{"format":"pt"} }   )";
  const SafetensorsFile file = io::parse_safetensors(scratch::bytes(file_of(header, 6, '\1')), "file");
  CHECK(file.names() == std::vector<std::string>{"b", "a\xf0\x9f\x98\x80", "e"});
  CHECK(file.get<std::int32_t>("a\xf0\x9f\x98\x80").item() == 0x01010101);
  CHECK(file.metadata("format") == "pt");
}

#if defined(EIGAN_TEST_REFERENCE_DIR)
TEST_CASE("reference numbers written by Python are read", "[io][safetensors]") {
  const auto file = io::load_safetensors(EIGAN_TEST_REFERENCE_DIR "/layers.safetensors");
  CHECK(file.get<double>("linear.x").shape() == Shape{4, 3});
  CHECK(file.metadata("linear") == R"({"bias": true, "op": "linear"})");
}
#endif

TEST_CASE("asking a safetensors file for what it lacks names it", "[io][safetensors]") {
  SafetensorsFile file("run.safetensors");
  file.add("weight", Tensor<float>::zeros(Shape{1}));
  CHECK(file.contains("weight"));
  CHECK_FALSE(file.contains("bias"));
  CHECK(scratch::thrown([&] { file.get<float>("bias"); }) == "run.safetensors: there is no tensor 'bias'");
  CHECK(scratch::thrown([&] { file.get<double>("weight"); }) ==
        "run.safetensors: expected 'weight' to hold F64, got F32");
  CHECK(scratch::thrown([&] { file.metadata("step"); }) == "run.safetensors: there is no metadata 'step'");
  CHECK(scratch::thrown([&] { file.add("weight", Tensor<float>::zeros(Shape{1})); }) ==
        "run.safetensors: the name 'weight' is taken");
  CHECK(scratch::thrown([&] { file.add("__metadata__", Tensor<float>::zeros(Shape{1})); }) ==
        "run.safetensors: the name '__metadata__' is taken");
  CHECK(scratch::thrown([&] { file.add("nothing", Tensor<float>()); }) ==
        "run.safetensors: the tensor 'nothing' holds nothing");
}

TEST_CASE("a safetensors file that is cut is refused wherever it is cut", "[io][safetensors][hostile]") {
  SafetensorsFile file;
  file.set_metadata("key", "value");
  file.add("w", Tensor<float>::from({1.0F, 2.0F, 3.0F}));
  const std::string whole = text_of(file);
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    INFO("cut to " << bytes << " of " << whole.size());
    CHECK(refusal(whole.substr(0, bytes)) != "nothing was thrown");
  }
  CHECK(refusal("") == "file: expected 8 bytes of header length, the file ends (at byte 0)");
  CHECK(refusal(whole.substr(0, whole.size() - 4)).find("expected a range within 8 bytes of data, got [0, 12)") !=
        std::string::npos);
  CHECK(refusal(whole + "x").find("expected 12 bytes of data, got 13") != std::string::npos);
}

TEST_CASE("an absurd header length is refused before any memory is taken", "[io][safetensors][hostile]") {
  CHECK(refusal(std::string(8, '\xff') + "{}") ==
        "file: expected a header of at most 2 bytes, got a length of 18446744073709551615; this is no safetensors "
        "file, or "
        "it is cut (at byte 0)");
  CHECK(refusal(std::string("\x03\0\0\0\0\0\0\0{}", 10)).find("at most 2 bytes, got a length of 3") !=
        std::string::npos);
}

TEST_CASE("a safetensors header that is not JSON is refused at its byte", "[io][safetensors][hostile]") {
  CHECK(refusal(file_of(R"({"a":})", 0)).find("the header is not JSON") != std::string::npos);
  CHECK(refusal(file_of(R"({"a":})", 0)).find("(at byte 14)") != std::string::npos);
  for (const char* const header :
       {"", " ", "{", "{\"a", "nul", "{}{}", "{} x", "{\"a\xff\":{}}", "\xef\xbb", "{\"a\":{\"dtype\":"})
    CHECK(refusal(file_of(header, 0)) != "nothing was thrown");
}

TEST_CASE("a safetensors header that is JSON of another kind is refused", "[io][safetensors][hostile]") {
  for (const char* const header : {"[]",
                                   "7",
                                   "\"text\"",
                                   "null",
                                   "true",
                                   R"({"a":1})",
                                   R"({"a":[]})",
                                   R"({"a":null})",
                                   R"({"a":{}})",
                                   R"({"a":"b"})",
                                   R"({"a":{"dtype":"U8","shape":[0]}})",
                                   R"({"a":{"dtype":"U8","shape":0,"data_offsets":[0,0]}})",
                                   R"({"a":{"dtype":8,"shape":[0],"data_offsets":[0,0]}})",
                                   R"({"a":{"dtype":"U8","shape":[[0]],"data_offsets":[0,0]}})",
                                   R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}})",
                                   R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}})",
                                   R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"more":1}})",
                                   R"({"a":{"dtype":{"b":1},"shape":[0],"data_offsets":[0,0]}})",
                                   R"({"__metadata__":{"a":1}})",
                                   R"({"__metadata__":{"a":{}}})",
                                   R"({"__metadata__":7})",
                                   R"({"__metadata__":{"a":["b"]}})"}) {
    INFO(header);
    CHECK(refusal(file_of(header, 0)) != "nothing was thrown");
  }
  std::string deep(1'000'000, '[');
  CHECK(refusal(file_of(deep, 0)) != "nothing was thrown");
  CHECK(refusal(file_of("{\"a\":" + deep, 0)) != "nothing was thrown");
}

TEST_CASE("names that stand twice in a safetensors header are refused", "[io][safetensors][hostile]") {
  CHECK(refusal(file_of("{" + record("a", "U8", "0", "0,0") + "," + record("a", "U8", "0", "0,0") + "}", 0))
            .find("the name 'a' stands twice") != std::string::npos);
  CHECK(refusal(file_of(R"({"__metadata__":{},"__metadata__":{}})", 0)).find("stands twice") != std::string::npos);
  CHECK(refusal(file_of(R"({"__metadata__":{"k":"1","k":"2"}})", 0)).find("'k' stands twice") != std::string::npos);
  CHECK(refusal(file_of(R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})", 0))
            .find("'dtype' stands twice in 'a'") != std::string::npos);
}

TEST_CASE("ranges that overlap, leave holes or lie outside are refused", "[io][safetensors][hostile]") {
  const auto two = [](const std::string& a, const std::string& b, std::size_t bytes) {
    return refusal(file_of("{" + record("a", "U8", "4", a) + "," + record("b", "U8", "4", b) + "}", bytes));
  };
  CHECK(two("0,4", "4,8", 8) == "nothing was thrown");
  CHECK(two("4,8", "0,4", 8) == "nothing was thrown");
  CHECK(two("0,4", "2,6", 6).find("'b': its range [2, 6) overlaps the one before") != std::string::npos);
  CHECK(two("0,4", "0,4", 4).find("overlaps") != std::string::npos);
  CHECK(two("0,4", "6,10", 10).find("'b': its range [6, 10) leaves a hole before it") != std::string::npos);
  CHECK(two("1,5", "5,9", 9).find("hole") != std::string::npos);
  CHECK(two("0,4", "4,8", 9).find("expected 8 bytes of data, got 9") != std::string::npos);
  CHECK(two("0,4", "8,4", 8).find("expected a range within 8 bytes") != std::string::npos);
  CHECK(two("0,4", "18446744073709551615,3", 8).find("expected a range") != std::string::npos);
  CHECK(two("0,4", "4,18446744073709551615", 8).find("expected a range") != std::string::npos);
}

TEST_CASE("shapes that are negative, too large or another size than their range are refused",
          "[io][safetensors][hostile]") {
  const auto shaped = [](const std::string& dtype, const std::string& shape, std::size_t bytes) {
    return refusal(file_of("{" + record("a", dtype, shape, "0," + std::to_string(bytes)) + "}", bytes));
  };
  CHECK(shaped("F32", "2,3", 24) == "nothing was thrown");
  CHECK(shaped("F32", "2,3", 20).find("'a': expected 24 bytes for F32 [2, 3], got a range of 20") != std::string::npos);
  CHECK(shaped("F64", "-1", 8).find("expected no negative number in 'a', got -1") != std::string::npos);
  CHECK(shaped("F64", "1.5", 8).find("expected whole numbers") != std::string::npos);
  CHECK(shaped("F64", "1e1", 8).find("expected whole numbers") != std::string::npos);
  CHECK(shaped("U8", "18446744073709551616", 8).find("expected whole numbers") != std::string::npos);
  CHECK(shaped("U8", "18446744073709551615", 8).find("too large") != std::string::npos);
  CHECK(shaped("F32", "4294967296,4294967296,1", 0).find("too large") != std::string::npos);
  CHECK(shaped("U8", "0,4294967296,4294967296", 0).find("too large") != std::string::npos);
  CHECK(shaped("U8", "1,1,1,1,1,1,1,1,1", 1).find("expected at most 8 axes, got 9") != std::string::npos);
}

TEST_CASE("element types that eigan does not know are refused by name", "[io][safetensors][hostile]") {
  for (const char* const dtype : {"F16", "BF16", "BOOL", "I8", "U64", "F8_E4M3", "", "f32"})
    CHECK(refusal(file_of("{" + record("a", dtype, "0", "0,0") + "}", 0))
              .find(std::string("'a': expected elements F32, F64, I32, I64 or U8, got ") + dtype) != std::string::npos);
}

TEST_CASE("names that are not UTF-8 are refused on saving, and nothing is written", "[io][safetensors]") {
  const scratch::Directory directory;
  SafetensorsFile file;
  file.add("\xff", Tensor<float>::zeros(Shape{1}));
  CHECK(scratch::thrown([&] { io::save_safetensors(directory / "file", file); }).find("not JSON") != std::string::npos);
  CHECK(directory.entries() == 0);
}

TEST_CASE("damage to any one byte of a safetensors header never crashes and never takes much memory",
          "[io][safetensors][hostile]") {
  SafetensorsFile file;
  file.set_metadata("key", "value");
  file.add("weight", Tensor<float>::zeros(Shape{3, 2}));
  file.add("steps", Tensor<std::int64_t>::zeros(Shape{2}));
  const std::string whole = text_of(file);
  std::size_t refused = 0;
  for (std::size_t place = 0; place < whole.size() - 40; ++place)
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128}) {
      std::string damaged = whole;
      damaged[place] = static_cast<char>(damaged[place] ^ flip);
      refused += refusal(damaged) != "nothing was thrown";
    }
  CHECK(refused > 0);
}
