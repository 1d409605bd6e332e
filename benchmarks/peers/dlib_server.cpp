// dcgan_mnist in dlib on request, with the protocol of step_server.cpp ("step N").
//
//   peers_dlib_server BATCH
//
// dlib's backward pass overwrites the gradients of parameters, so its discriminator takes one Adam update for the real
// and one for the generated batch.

#include <array>
#include <dlib/dnn.h>
#include <iostream>
#include <string>
#include <vector>

#include "../support/clock.hpp"

namespace {

using Noise = std::array<dlib::matrix<float, 1, 1>, 100>;
using Image = dlib::matrix<float>;

template <long Outputs, class Below>
using Up = dlib::add_layer<dlib::cont_<Outputs, 4, 4, 2, 2, 1, 1>, Below>;
template <long Outputs, class Below>
using Down = dlib::add_layer<dlib::con_<Outputs, 4, 4, 2, 2, 1, 1>, Below>;
template <class Below>
using Norm = dlib::add_layer<dlib::bn_<dlib::CONV_MODE>, Below>;
template <class Below>
using Dense = dlib::add_layer<dlib::cont_<128, 7, 7, 1, 1, 0, 0>, Below>;  // 100 numbers to 7 x 7 x 128

using Generator = dlib::htan<Up<1, dlib::relu<Norm<Up<64, dlib::relu<Norm<Dense<dlib::input<Noise>>>>>>>>>;
using Discriminator = dlib::loss_binary_log<
    dlib::fc<1, dlib::leaky_relu<Norm<Down<128, dlib::leaky_relu<Down<64, dlib::input<Image>>>>>>>>;

class Training {
 public:
  explicit Training(std::size_t batch) : images_(batch), noise_(batch), yes_(batch, 1.0F), no_(batch, -1.0F) {
    for (Image& image : images_) {
      image.set_size(28, 28);
      for (float& pixel : image) pixel = random_.get_random_float() * 2 - 1;
    }
    discriminator_.to_tensor(images_.begin(), images_.end(), real_);
  }

  void step() {
    for (Noise& latent : noise_)
      for (auto& number : latent) number = static_cast<float>(random_.get_random_gaussian());
    generator_.to_tensor(noise_.begin(), noise_.end(), latents_);
    update_discriminator(real_, yes_);
    const dlib::tensor& fake = generator_.forward(latents_);
    update_discriminator(fake, no_);
    discriminator_.compute_loss(fake, yes_.begin());
    discriminator_.back_propagate_error(fake);
    generator_.back_propagate_error(latents_, discriminator_.subnet().get_final_data_gradient());
    generator_.update_parameters(generator_adam_, rate);
  }

 private:
  static constexpr double rate = 2e-4;

  static std::vector<dlib::adam> optimizers(std::size_t layers) {
    return std::vector<dlib::adam>(layers, dlib::adam(0, 0.5F, 0.999F));
  }

  void update_discriminator(const dlib::tensor& batch, const std::vector<float>& labels) {
    discriminator_.compute_loss(batch, labels.begin());
    discriminator_.back_propagate_error(batch);
    discriminator_.update_parameters(discriminator_adam_, rate);
  }

  dlib::rand random_{1};
  Generator generator_;
  Discriminator discriminator_{dlib::leaky_relu_(0.2F), dlib::leaky_relu_(0.2F)};
  std::vector<Image> images_;
  std::vector<Noise> noise_;
  std::vector<float> yes_, no_;
  std::vector<dlib::adam> generator_adam_ = optimizers(Generator::num_computational_layers);
  std::vector<dlib::adam> discriminator_adam_ = optimizers(Discriminator::num_computational_layers);
  dlib::resizable_tensor real_, latents_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  Training training(std::stoul(argv[1]));
  std::cout.precision(9);
  std::cout << "ready" << std::endl;
  std::string command;
  for (long count; std::cin >> command >> count;) {
    const double elapsed = support::time_of([&] {
      for (long i = 0; i < count; ++i) training.step();
    });
    std::cout << elapsed / static_cast<double>(count) << std::endl;
  }
}
