#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <eigan/io/csv.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;
using io::CsvWriter;

TEST_CASE("numbers are written so that they read back as themselves", "[io][csv]") {
  CHECK(io::to_decimal(0.1) == "0.1");
  CHECK(io::to_decimal(0.1F) == "0.1");
  CHECK(io::to_decimal(1.0 / 3) == "0.3333333333333333");
  CHECK(io::to_decimal(100000.0) == "100000");
  CHECK(io::to_decimal(-2.0F) == "-2");
  CHECK(io::to_decimal(1e300) == "1e+300");
  CHECK(io::to_decimal(-0.0) == "-0");
  CHECK(io::to_decimal(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(io::to_decimal(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(io::to_decimal(std::uint8_t{65}) == "65");
  CHECK(io::to_decimal(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  for (const double number : {std::nextafter(1.0, 2.0), 5e-324, 1.7976931348623157e308, 123456.789, 9007199254740993.0})
    CHECK(std::strtod(io::to_decimal(number).c_str(), nullptr) == number);
}

TEST_CASE("a CSV file has its columns once, however often it is gone on with", "[io][csv]") {
  const scratch::Directory directory;
  {
    CsvWriter csv(directory / "losses.csv", {"step", "generator", "discriminator"});
    csv.row(1, 0.5, 0.25F);
    csv.flush();
    CHECK(scratch::read(directory / "losses.csv") == "step,generator,discriminator\n1,0.5,0.25\n");
  }
  CsvWriter csv(directory / "losses.csv", {"step", "generator", "discriminator"});
  csv.row(Index{2}, std::vector<double>{1, -1.5});
  csv.flush();
  CHECK(scratch::read(directory / "losses.csv") == "step,generator,discriminator\n1,0.5,0.25\n2,1,-1.5\n");
}

TEST_CASE("a CSV file refuses rows of another length and columns of another run", "[io][csv][hostile]") {
  const scratch::Directory directory;
  const std::string path = (directory / "losses.csv").string();
  CsvWriter csv(path, {"step", "loss"});
  CHECK(scratch::thrown<ConfigError>([&] { csv.row(1); }) == path + ": expected a row of 2 numbers, got 1");
  CHECK(scratch::thrown<ConfigError>([&] { csv.row(1, 2, 3); }) == path + ": expected a row of 2 numbers, got 3");
  csv.flush();
  CHECK(scratch::read(path) == "step,loss\n");
  CHECK(scratch::thrown([&] {
          CsvWriter(path, {"step", "generator"});
        }) == path + ": expected the columns step,generator, got step,loss");
  CHECK(scratch::thrown([&] {
          CsvWriter(directory / "none" / "losses.csv", {"step"});
        }).find("cannot be written: No such file or directory") != std::string::npos);
}

TEST_CASE("a CSV file that cannot be written says so", "[io][csv][hostile]") {
  if (!std::filesystem::exists("/dev/full")) return;
  CHECK(scratch::thrown([&] { CsvWriter("/dev/full", {"step"}); }) ==
        "/dev/full: cannot be written: No space left on device");
}

TEST_CASE("rows after a step are cut off, and a half-written last one", "[io][csv]") {
  const scratch::Directory directory;
  const auto path = directory / "losses.csv";
  scratch::write(path, "loss,step\n0.5,1\n0.25,2\n0.125,10\n0.0625,11\n0.0");
  io::truncate_after(path, "step", 10);
  CHECK(scratch::read(path) == "loss,step\n0.5,1\n0.25,2\n0.125,10\n");
  io::truncate_after(path, "step", 1);
  CHECK(scratch::read(path) == "loss,step\n0.5,1\n");
  io::truncate_after(path, "step", 0);
  CHECK(scratch::read(path) == "loss,step\n");
  io::truncate_after(directory / "none", "step", 0);
  CHECK(directory.entries() == 1);
}

TEST_CASE("a CSV file without the column, or with no numbers in it, is refused and stays", "[io][csv][hostile]") {
  const scratch::Directory directory;
  const auto path = directory / "losses.csv";
  scratch::write(path, "step,loss\n1,2\nx,3\n");
  CHECK(scratch::thrown([&] { io::truncate_after(path, "epoch", 0); }) ==
        path.string() + ": expected a column epoch, got step,loss (at byte 0)");
  CHECK(scratch::thrown([&] { io::truncate_after(path, "step", 0); }) ==
        path.string() + ": expected a whole number under step, got 'x' (at byte 14)");
  CHECK(scratch::read(path) == "step,loss\n1,2\nx,3\n");
  scratch::write(path, "loss,step\n1\n");
  CHECK(scratch::thrown([&] { io::truncate_after(path, "step", 0); }) != "nothing was thrown");
}
