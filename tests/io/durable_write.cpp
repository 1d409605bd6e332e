#include <csignal>
#include <string>

#include <eigan/io/durable_write.hpp>

#if defined(__unix__)
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif
#if defined(__linux__)
#include <sys/mount.h>
#endif

#include <eigan/io/input_file.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using eigan::DataError;
using eigan::io::DurableFile;
using eigan::io::write_durably;

TEST_CASE("a file is written whole and replaces the one before", "[io][durable]") {
  const scratch::Directory directory;
  write_durably(directory / "file", "first");
  CHECK(scratch::read(directory / "file") == "first");
  write_durably(directory / "file", std::string_view("second\0part", 11));
  CHECK(scratch::read(directory / "file") == std::string("second\0part", 11));
  write_durably(directory / "file", "");
  CHECK(scratch::read(directory / "file").empty());
  CHECK(directory.entries() == 1);
}

TEST_CASE("a file that is not committed leaves the one before and nothing else", "[io][durable]") {
  const scratch::Directory directory;
  scratch::write(directory / "file", "old");
  {
    DurableFile file(directory / "file");
    file.write("new");
    CHECK(directory.entries() == 2);
    CHECK(scratch::read(directory / "file") == "old");
  }
  CHECK(scratch::read(directory / "file") == "old");
  CHECK(directory.entries() == 1);
}

TEST_CASE("two writers of one file do not disturb each other", "[io][durable]") {
  const scratch::Directory directory;
  DurableFile one(directory / "file"), two(directory / "file");
  one.write("one");
  two.write("two");
  one.commit();
  CHECK(scratch::read(directory / "file") == "one");
  two.commit();
  CHECK(scratch::read(directory / "file") == "two");
  CHECK(directory.entries() == 1);
}

TEST_CASE("what stands in the way of a file is named", "[io][durable][hostile]") {
  const scratch::Directory directory;
  const std::string path = directory.path().string();
  CHECK(scratch::thrown([&] { write_durably(directory.path(), "text"); }) ==
        path + ": cannot be written: a directory is in its way");
  CHECK(scratch::thrown([&] { write_durably(directory / "none" / "file", "text"); }) ==
        path + "/none/file: cannot be written: No such file or directory");
  scratch::write(directory / "file", "old");
  CHECK(scratch::thrown([&] { write_durably(directory / "file" / "below", "text"); }) ==
        path + "/file/below: cannot be written: Not a directory");
  CHECK(directory.entries() == 1);
  try {
    write_durably(directory.path(), "text");
  } catch (const DataError& error) {
    CHECK(error.file() == path);
    CHECK(error.offset() == -1);
  }
}

TEST_CASE("a directory that comes in the way while a file is written stays, and the temporary goes", "[io][durable]") {
  const scratch::Directory directory;
  DurableFile file(directory / "file");
  file.write("text");
  std::filesystem::create_directory(directory / "file");
  CHECK(scratch::thrown([&] { file.commit(); }) != "nothing was thrown");
  CHECK(std::filesystem::is_directory(directory / "file"));
  CHECK(directory.entries() == 1);
}

TEST_CASE("files that cannot be read are named with the reason", "[io][hostile]") {
  const scratch::Directory directory;
  const std::string path = directory.path().string();
  CHECK(scratch::thrown([&] { eigan::io::read_file(directory / "none"); }) == path + "/none: there is no such file");
  CHECK(scratch::thrown([&] { eigan::io::read_file(directory.path()); }) ==
        path + ": expected a file, got a directory");
  scratch::write(directory / "file", "12345");
  CHECK(scratch::thrown([&] { eigan::io::read_file(directory / "file", 4); }) ==
        path + "/file: expected at most 4 bytes, got 5");
  eigan::io::InputFile file(directory / "file");
  char bytes[8];
  CHECK(scratch::thrown([&] { file.read(bytes, 8); }) ==
        path + "/file: expected 3 more bytes, the file ends (at byte 5)");
}

#if defined(__unix__)

TEST_CASE("a link is followed", "[io][durable]") {
  const scratch::Directory directory;
  scratch::write(directory / "file", "old");
  std::filesystem::create_symlink("file", directory / "link");
  write_durably(directory / "link", "new");
  CHECK(std::filesystem::is_symlink(directory / "link"));
  CHECK(scratch::read(directory / "file") == "new");
}

TEST_CASE("a device is written in place, and stays one", "[io][durable]") {
  write_durably("/dev/null", "text");
  CHECK(std::filesystem::is_character_file("/dev/null"));
  if (std::filesystem::exists("/dev/full"))
    CHECK(scratch::thrown([&] { write_durably("/dev/full", "text"); }) ==
          "/dev/full: cannot be written: No space left on device");
}

namespace {

/// Runs f() in a process of its own, whose limits and mounts are its own too; gives what it returns.
template <class Function>
int in_child(const Function& f) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(f());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Replaces a small old file by a large one where there is no room for it: 0 if that is refused and leaves no trace.
int write_without_room(const std::filesystem::path& directory, const std::string& reason) {
  scratch::write(directory / "file", "old");
  const std::string large(std::size_t{1} << 20, 'x');
  const std::string said = scratch::thrown([&] { write_durably(directory / "file", large); });
  if (said.find("/file: cannot be written: " + reason) == std::string::npos) return 2;
  if (scratch::read(directory / "file") != "old") return 3;
  const auto begin = std::filesystem::directory_iterator(directory);
  return std::distance(begin, std::filesystem::directory_iterator()) == 1 ? 0 : 4;
}

}  // namespace

TEST_CASE("a file that grows beyond the process's limit leaves the old one", "[io][durable][hostile]") {
  const scratch::Directory directory;
  CHECK(in_child([&] {
          std::signal(SIGXFSZ, SIG_IGN);
          const rlimit limit{100'000, 100'000};
          if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
          return write_without_room(directory.path(), "File too large");
        }) == 0);
}

#if defined(__linux__)
TEST_CASE("a full disk leaves the old file", "[io][durable][hostile]") {
  const scratch::Directory directory;
  const std::string path = directory.path().string();
  if (::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=256k") != 0) {
    WARN("skipped: only root can make a disk to fill");
    return;
  }
  const int result = write_without_room(directory.path(), "No space left on device");
  CHECK(::umount(path.c_str()) == 0);
  CHECK(result == 0);
}
#endif

#endif
