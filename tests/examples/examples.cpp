#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <eigan/io/image.hpp>
#include <eigan/io/safetensors.hpp>

#include "catch.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Directory {
 public:
  Directory() : path_(fs::temp_directory_path() / ("eigan-examples-" + std::to_string(std::random_device{}()))) {
    fs::create_directories(path_);
  }
  ~Directory() { fs::remove_all(path_); }
  fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

struct Outcome {
  int status;
  std::string output;  // standard output and error
};

Outcome run(const std::string& command, const Directory& directory) {
  const fs::path log = directory / "log";
  const int status = std::system(("EIGAN_DATA= EIGAN_CIFAR10= " + command + " > '" + log.string() + "' 2>&1").c_str());
  return {status, read(log)};
}

std::string mnist(const fs::path& out, const std::string& flags) {
  return std::string(EIGAN_MNIST) + " --out '" + out.string() + "' --batch 8 " + flags;
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace

TEST_CASE("mnist writes pictures, losses, a checkpoint and a summary", "[examples]") {
  const Directory directory;
  const Outcome outcome =
      run(mnist(directory / "run", "--steps 3 --every 2 --model mlp --seed 4 --threads 2"), directory);
  INFO(outcome.output);
  REQUIRE(outcome.status == 0);
  CHECK_THAT(outcome.output, Catch::Contains("drawn by eigan itself"));
  for (const char* const picture : {"step-000002.png", "step-000003.png"}) {
    const auto image = eigan::io::load_image(directory / "run" / "samples" / picture);
    CHECK(image.extent(0) >= 8 * 28);
    CHECK(image.extent(2) == 1);
  }
  const auto summary = nlohmann::json::parse(read(directory / "run" / "summary.json"));
  CHECK(summary["steps"] == 3);
  CHECK(summary["seed"] == 4);
#if defined(_OPENMP)
  CHECK(summary["threads"] == 2);
#else
  CHECK(summary["threads"] == 1);
#endif
  CHECK(summary["model"] == "mlp");
  CHECK(summary["images_per_second"] > 0);
  CHECK(summary["peak_rss_mib"] > 1);
  for (const char* const key : {"seconds", "data", "loss", "discriminator_loss", "generator_loss"})
    CHECK(summary.contains(key));
  const std::string losses = read(directory / "run" / "losses.csv");
  CHECK(std::count(losses.begin(), losses.end(), '\n') == 4);
}

TEST_CASE("every loss of mnist runs, and its checkpoint does not depend on threads or on a stop", "[examples]") {
  const Directory directory;
  for (const std::string loss : {"minimax", "nonsaturating", "wasserstein", "wgan-gp"}) {
    INFO(loss);
    const std::string flags = " --loss " + loss + " --every 100";
    REQUIRE(run(mnist(directory / (loss + "-1"), "--steps 4 --threads 1" + flags), directory).status == 0);
    REQUIRE(run(mnist(directory / (loss + "-3"), "--steps 4 --threads 3" + flags), directory).status == 0);
    REQUIRE(run(mnist(directory / (loss + "-r"), "--steps 3 --threads 2" + flags), directory).status == 0);
    REQUIRE(run(mnist(directory / (loss + "-r"), "--steps 4 --threads 2 --resume" + flags), directory).status == 0);
    const std::string expected = read(directory / (loss + "-1") / "checkpoint.safetensors");
    CHECK(expected.size() > 1000);
    CHECK((expected == read(directory / (loss + "-3") / "checkpoint.safetensors")));
    CHECK((expected == read(directory / (loss + "-r") / "checkpoint.safetensors")));
    CHECK(read(directory / (loss + "-1") / "losses.csv") == read(directory / (loss + "-r") / "losses.csv"));
  }
}

TEST_CASE("a run that is killed goes on from its last checkpoint to the same end", "[examples]") {
  const Directory directory;
  const std::string flags = "--steps 12 --every 2 --loss wgan-gp";
  REQUIRE(run(mnist(directory / "through", flags), directory).status == 0);
  const fs::path killed = directory / "killed";
  const Outcome outcome =
      run("sh -c '\"$@\" & while [ ! -e \"$0/checkpoint.safetensors\" ]; do sleep 0.01; done; kill -9 $!' '" +
              killed.string() + "' " + mnist(killed, flags),
          directory);
  INFO(outcome.output);
  REQUIRE(fs::exists(killed / "checkpoint.safetensors"));
  REQUIRE(run(mnist(killed, flags + " --resume"), directory).status == 0);
  CHECK((read(killed / "checkpoint.safetensors") == read(directory / "through" / "checkpoint.safetensors")));
  CHECK(read(killed / "losses.csv") == read(directory / "through" / "losses.csv"));
  CHECK((read(killed / "samples/step-000012.png") == read(directory / "through" / "samples/step-000012.png")));
  for (const auto& entry : fs::directory_iterator(killed)) {
    const std::string name = entry.path().filename().string();
    CHECK((name == "samples" || name == "losses.csv" || name == "summary.json" ||
           name.starts_with("checkpoint.safetensors")));  // a write that was killed leaves its temporary
  }
}

TEST_CASE("mnist says in one sentence what is wrong, and fails", "[examples]") {
  const Directory directory;
  const auto refused = [&](const std::string& command, const std::string& message) {
    const Outcome outcome = run(command, directory);
    INFO(outcome.output);
    CHECK(outcome.status != 0);
    CHECK_THAT(outcome.output, Catch::Contains(message));
    CHECK(std::count(outcome.output.begin(), outcome.output.end(), '\n') <= 3);
  };
  const fs::path out = directory / "run";
  refused(mnist(out, "--modle mlp"), "--modle");
  refused(mnist(out, "--loss hinge"), "hinge");
  refused(mnist(out, "--recipe hinge"), "hinge");
  refused(mnist(out, "--recipe sngan --loss minimax"), "--loss");
  refused(mnist(out, "--steps 0"), "0");
  refused(mnist(out, "--data '" + (directory / "nowhere").string() + "'"), "nowhere");
  CHECK_FALSE(fs::exists(out / "checkpoint.safetensors"));

  write(directory / "file", "in the way");
  refused(mnist(directory / "file", "--steps 1"), "file");
  CHECK(read(directory / "file") == "in the way");

  fs::create_directories(directory / "data");
  write(directory / "data/train-images-idx3-ubyte", std::string("\0\0\x08\x03\0\0\0\x0a\0\0\0\x1c\0\0\0\x1c", 16));
  write(directory / "data/train-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x0a", 8));
  refused(mnist(out, "--data '" + (directory / "data").string() + "'"), "train-images-idx3-ubyte");

  REQUIRE(run(mnist(out, "--steps 2 --model mlp"), directory).status == 0);
  const std::string before = read(out / "checkpoint.safetensors");
  refused(mnist(out, "--steps 4 --model dcgan --resume"), "model = mlp");
  refused(mnist(out, "--steps 4 --model mlp --seed 9 --resume"), "seed = 1");
  CHECK((before == read(out / "checkpoint.safetensors")));
  write(out / "checkpoint.safetensors", before.substr(0, before.size() / 2));
  refused(mnist(out, "--steps 4 --model mlp --resume"), "checkpoint.safetensors");
}

TEST_CASE("mnist starts anew, and says so, where there is nothing to resume", "[examples]") {
  const Directory directory;
  const Outcome outcome = run(mnist(directory / "run", "--steps 1 --model mlp --resume"), directory);
  CHECK(outcome.status == 0);
  CHECK_THAT(outcome.output, Catch::Contains("starting anew"));
}

TEST_CASE("mnist and mixtures train by every recipe that they list", "[examples]") {
  const Directory directory;
  const Outcome list = run(std::string(EIGAN_MNIST) + " --recipe list", directory);
  REQUIRE(list.status == 0);
  CHECK(list.output == run(std::string(EIGAN_MIXTURES) + " --recipe list", directory).output);
  CHECK_THAT(list.output, Catch::Contains("wgan_gp") && Catch::Contains("Gulrajani et al. 2017"));
  std::istringstream lines(list.output);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const std::string recipe = line.substr(0, line.find(' '));
    const std::string flags = "--steps 2 --recipe " + recipe;
    for (const std::string model : {"mlp", "dcgan"}) {
      const fs::path out = directory / (recipe + model);
      const Outcome outcome = run(mnist(out, flags + " --model " + model), directory);
      INFO(recipe << ", " << model << ": " << outcome.output);
      REQUIRE(outcome.status == 0);
      CHECK(nlohmann::json::parse(read(out / "summary.json")).at("loss") == recipe);
    }
    const Outcome outcome = run(
        std::string(EIGAN_MIXTURES) + " --batch 16 --out '" + (directory / recipe).string() + "' " + flags, directory);
    INFO(recipe << ": " << outcome.output);
    CHECK(outcome.status == 0);
    CHECK(fs::exists(directory / recipe / "step-2.png"));
  }
  CHECK(count == 12);
}

TEST_CASE("digits can be asked for, and sample makes pictures of every kind from any checkpoint", "[examples]") {
  const Directory directory;
  const auto train = [&](const std::string& command) {
    const Outcome outcome = run(command, directory);
    INFO(outcome.output);
    REQUIRE(outcome.status == 0);
  };
  const auto classifying = [&](const std::string& method, const std::string& flags) {
    return std::string(EIGAN_CLASSIFYING) + " --batch 8 --method " + method + " --out '" +
           (directory / method).string() + "' " + flags;
  };
  const auto sample = [&](const std::string& of, const std::string& flags) {
    return run(std::string(EIGAN_SAMPLE) + " '" + (directory / of / "checkpoint.safetensors").string() + "' --out '" +
                   (directory / "picture.png").string() + "' " + flags,
               directory);
  };
  const auto picture = [&] { return eigan::io::load_image(directory / "picture.png"); };

  train(mnist(directory / "plain", "--steps 1 --model mlp"));
  train(mnist(directory / "asked", "--steps 2 --every 1 --conditional --recipe sngan"));
  CHECK(eigan::io::load_image(directory / "asked/samples/step-000002.png").shape() ==
        eigan::io::load_image(directory / "asked/samples/step-000001.png").shape());
  for (const std::string method : {"acgan", "tacgan", "hinge", "infogan"}) {
    train(classifying(method, "--steps 2 --every 100 --threads 1"));
    const std::string through = read(directory / method / "checkpoint.safetensors");
    fs::remove_all(directory / method);
    train(classifying(method, "--steps 1 --every 100 --threads 2"));
    train(classifying(method, "--steps 2 --every 100 --threads 1 --resume"));
    CHECK((through == read(directory / method / "checkpoint.safetensors")));
  }

  for (const std::string of : {"plain", "asked", "acgan", "infogan"})
    for (const std::string what : {"samples", "interpolation", "classes", "traversal"}) {
      const Outcome outcome = sample(of, "--rows 3 --columns 4 --what " + what);
      INFO(of << ", " << what << ": " << outcome.output);
      if (what == "classes" && of == "plain") {
        CHECK(outcome.status != 0);
        CHECK_THAT(outcome.output, Catch::Contains("know no classes"));
        continue;
      }
      REQUIRE(outcome.status == 0);
      const bool has_ten_rows = what == "classes" || (what == "traversal" && of == "infogan");
      CHECK_THAT(outcome.output, Catch::Contains(has_ten_rows ? "10 x 4" : "3 x 4"));
      CHECK(picture().extent(0) >= (has_ten_rows ? 10 : 3) * 28);
      CHECK(picture().extent(1) >= 4 * 28);
    }
  REQUIRE(sample("asked", "--class 3 --seed 5").status == 0);
  const auto three = picture();
  REQUIRE(sample("asked", "--class 3 --seed 5").status == 0);
  CHECK(std::equal(three.data(), three.data() + three.size(), picture().data()));
  REQUIRE(sample("asked", "--class 3 --seed 6").status == 0);
  CHECK_FALSE(std::equal(three.data(), three.data() + three.size(), picture().data()));

  const auto refused = [&](const Outcome& outcome, const std::string& message) {
    CHECK(outcome.status != 0);
    CHECK_THAT(outcome.output, Catch::Contains(message));
  };
  refused(sample("asked", "--class 10"), "class of 0 to 9, got 10");
  refused(sample("nowhere", ""), "no such file");
  refused(run(mnist(directory / "packed", "--steps 1 --conditional --recipe pacgan"), directory), "pacgan");
  refused(run(mnist(directory / "plain", "--steps 2 --model mlp --conditional --resume"), directory), "classes = 0");
}

TEST_CASE("cifar10 and images train on pictures, by conditions and with augmentation, and resume", "[examples]") {
  const Directory directory;
  for (int i = 0; i < 30; ++i) {
    eigan::Tensor<std::uint8_t> image(eigan::Shape{20 + i, 30, 3});
    for (eigan::Index k = 0; k < image.size(); ++k) image.mutable_data()[k] = static_cast<std::uint8_t>(k * (i + 1));
    fs::create_directories(directory / "photos" / (i % 2 ? "cats" : "dogs"));
    eigan::io::save_png(directory / "photos" / (i % 2 ? "cats" : "dogs") / (std::to_string(i) + ".png"), image);
  }
  const std::string photos = "--data '" + (directory / "photos").string() + "' ";
  const auto command = [&](const std::string& program, const std::string& out, const std::string& flags) {
    return program + " --batch 4 --every 100 --out '" + (directory / out).string() + "' " + flags;
  };
  const auto train = [&](const std::string& program, const std::string& out, const std::string& flags) {
    const Outcome outcome = run(command(program, out, flags), directory);
    INFO(out << ", " << flags << ": " << outcome.output);
    REQUIRE(outcome.status == 0);
    return read(directory / out / "checkpoint.safetensors");
  };
  const auto check_resume = [&](const std::string& program, const std::string& name, const std::string& flags) {
    const std::string through = train(program, name + "-through", flags + " --steps 4 --threads 1");
    train(program, name, flags + " --steps 2 --threads 2");
    CHECK((train(program, name, flags + " --steps 4 --threads 1 --resume") == through));
  };
  check_resume(EIGAN_CIFAR10, "cifar10", "--recipe dcgan --conditional --augment ada --flip");
  check_resume(EIGAN_IMAGES, "images",
               photos + "--size 16 --recipe dcgan --conditional --augment diffaugment --stream");
  for (const std::string recipe : {"r3gan", "sngan", "wgan_gp"})
    train(EIGAN_CIFAR10, recipe, "--steps 1 --recipe " + recipe);
  const auto configured = [&](const std::string& out, const std::string& name) {
    const auto checkpoint = eigan::io::load_safetensors(directory / out / "checkpoint.safetensors");
    return *checkpoint.find_metadata("config." + name);
  };
  CHECK(configured("sngan", "critic_steps") == "5");
  train(EIGAN_CIFAR10, "sngan", "--steps 1 --recipe sngan --model dcgan --critic-steps 2 --rates 3");
  CHECK(configured("sngan", "critic_steps") == "2");
  CHECK(configured("sngan", "generator_schedule.rates") == "3");
  CHECK(configured("sngan", "generator_schedule.steps") == "1");
  // The first discriminator loss is that of the first weights, the generator's that of a discriminator that has moved.
  const auto losses = [&](const std::string& flags) {
    train(EIGAN_CIFAR10, "rates", "--steps 1 --recipe gan " + flags);
    const std::string table = read(directory / "rates/losses.csv");
    const std::size_t generator = table.find(',', table.find("\n1,") + 3);
    REQUIRE(generator != std::string::npos);
    return std::pair(table.substr(0, generator), table.substr(generator));
  };
  const auto slow = losses(""), fast = losses("--rates 5");
  CHECK(slow.first == fast.first);
  CHECK(slow.second != fast.second);
  train(EIGAN_CIFAR10, "r3gan-networks", "--steps 1 --recipe r3gan --model r3gan");
  train(EIGAN_IMAGES, "grey", photos + "--steps 1 --size 24 --grey --recipe gan");
  const Outcome classes =
      run(std::string(EIGAN_SAMPLE) + " '" + (directory / "images/checkpoint.safetensors").string() +
              "' --what classes --out '" + (directory / "classes.png").string() + "'",
          directory);
  INFO(classes.output);
  CHECK_THAT(classes.output, Catch::Contains("2 x 8"));
  CHECK(eigan::io::load_image(directory / "classes.png").extent(2) == 3);

  const auto refused = [&](const std::string& program, const std::string& flags, const std::string& message) {
    const Outcome outcome = run(command(program, "refused", flags), directory);
    INFO(outcome.output);
    CHECK(outcome.status != 0);
    CHECK_THAT(outcome.output, Catch::Contains(message));
    CHECK_FALSE(fs::exists(directory / "refused/checkpoint.safetensors"));
  };
  refused(EIGAN_IMAGES, "", "--data DIRECTORY");
  refused(EIGAN_IMAGES, photos + "--size 20", "--size of 8, 16, ... 128, got 20");
  refused(EIGAN_IMAGES, "--data '" + (directory / "photos/cats").string() + "' --conditional", "two classes or more");
  refused(EIGAN_CIFAR10, "--recipe pacgan --model r3gan", "not with r3gan");
  for (const std::string factor : {"0", "-1", "inf", "nan", "5x"})
    refused(EIGAN_CIFAR10, "--rates " + factor, "--rates: expected a number above 0, got " + factor);
  refused(EIGAN_CIFAR10, "--data /nowhere", "/nowhere");
  std::ofstream(directory / "photos/cats/99.png") << "no image";
  refused(EIGAN_IMAGES, photos, "99.png");
  const Outcome skipping =
      run(command(EIGAN_IMAGES, "skipping", photos + "--steps 1 --size 8 --recipe gan --skip-unreadable"), directory);
  CHECK(skipping.status == 0);
  CHECK_THAT(skipping.output, Catch::Contains("skipped") && Catch::Contains("99.png"));
}

TEST_CASE("mixtures draws a picture for each data set and loss", "[examples]") {
  const Directory directory;
  for (const std::string data : {"ring", "grid", "swiss-roll"})
    for (const std::string loss : {"minimax", "nonsaturating", "wasserstein", "wgan-gp"}) {
      const fs::path out = directory / (data + loss);
      const Outcome outcome = run(std::string(EIGAN_MIXTURES) + " --data " + data + " --loss " + loss +
                                      " --steps 2 --every 1 --batch 16 --out '" + out.string() + "'",
                                  directory);
      INFO(outcome.output);
      REQUIRE(outcome.status == 0);
      CHECK(eigan::io::load_image(out / "step-2.png").shape() == eigan::Shape{512, 512, 3});
    }
}
