#pragma once

#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../core/affinity.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/parallel.hpp"
#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

/// Samples on their way into a step: images [B, ...] as floats, and their labels [B] and
/// conditions if the set has any.
template <std::floating_point Scalar = float>
struct Batch {
  Tensor<Scalar> images;
  Labels labels;
  Tensor<Scalar> conditions = {};  ///< [B, D], of a ConditionedSet
};

/// A place between two batches: so many epochs are through, and so many batches of the one that is running.
struct LoaderPosition {
  Index epoch = 0;
  Index batch = 0;
  friend bool operator==(const LoaderPosition&, const LoaderPosition&) = default;
};

struct LoaderOptions {
  Index batch = 64;
  std::uint64_t seed = 0;
  bool shuffle = true;   ///< a new order each epoch; else the set's own
  bool prefetch = true;  ///< prepare batches in a thread of its own while others are used
  Index ahead = 2;       ///< how many batches are prepared before they are asked for, where that is so
};

/// Batches without end from a data set, epoch after epoch. Each epoch visits every sample once, in an order that
/// depends on the seed and the epoch alone, so that a position is all that a checkpoint needs. What is left over at the
/// end of an epoch is dropped. What a set draws for a sample depends on the seed, the epoch and the sample. Whether
/// batches are prefetched, and how many, changes no bit of them.
template <SampleSet Set, std::floating_point Scalar = float>
class Loader {
 public:
  /// Keeps a (cheap) copy of the set. Throws ConfigError if the set has not enough samples for one batch, and
  /// ShapeError if it has another number of labels.
  explicit Loader(Set set, const LoaderOptions& options = {}) : set_(std::move(set)), options_(options) {
    if (options_.batch < 1)
      throw ConfigError("Loader: expected a batch of 1 or more, got " + std::to_string(options_.batch));
    if (options_.ahead < 1)
      throw ConfigError("Loader: expected 1 or more batches ahead, got " + std::to_string(options_.ahead));
    if (set_.size() < options_.batch)
      throw ConfigError("Loader: expected at least one batch of " + std::to_string(options_.batch) +
                        " samples, got a set of " + std::to_string(set_.size()));
    detail::check_labels(set_.labels, set_.size(), "Loader");
    ready_.reserve(static_cast<std::size_t>(options_.ahead));
  }

  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  ~Loader() {
    if (!worker_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    worker_.join();
  }

  const Set& set() const { return set_; }
  const LoaderOptions& options() const { return options_; }
  Index batches_per_epoch() const { return set_.size() / options_.batch; }

  /// The batch at position(), which moves on. Rethrows what the set threw while the batch was prepared.
  Batch<Scalar> next() {
    Batch<Scalar> batch = options_.prefetch ? take() : prepare(position_);
    position_ = after(position_);
    return batch;
  }

  /// What has been handed out, whatever has been prepared beyond it.
  LoaderPosition position() const { return position_; }

  /// Goes on from there, bit for bit as if all batches before had been drawn. Throws ConfigError if there is no such
  /// place.
  void seek(const LoaderPosition& position) {
    if (position.epoch < 0 || position.batch < 0 || position.batch >= batches_per_epoch())
      throw ConfigError("Loader: expected a batch in [0, " + std::to_string(batches_per_epoch()) +
                        ") of an epoch, got " + std::to_string(position.batch) + " of epoch " +
                        std::to_string(position.epoch));
    const std::lock_guard lock(mutex_);
    ++journey_;  // what is under way belongs elsewhere
    ready_.clear();
    error_ = nullptr;
    wanted_ = position;
    changed_.notify_all();
    position_ = position;
  }

 private:
  LoaderPosition after(LoaderPosition position) const {
    if (++position.batch == batches_per_epoch()) position = {position.epoch + 1, 0};
    return position;
  }

  // Called by the worker, or by next() where there is none.
  Batch<Scalar> prepare(const LoaderPosition& position) {
    if (options_.shuffle && (!order_.defined() || order_epoch_ != position.epoch)) {
      order_ = {};  // gives the old order's memory back before the new one asks for as much
      RandomStream stream(options_.seed, "shuffle");
      stream.restore({stream.state().key, static_cast<std::uint64_t>(position.epoch) << 40});
      order_ = stream.permutation(set_.size());
      order_epoch_ = position.epoch;
    }
    Shape shape{options_.batch};
    for (const Index extent : set_.sample_shape()) shape.push_back(extent);
    Batch<Scalar> batch{.images = Tensor<Scalar>(shape),
                        .labels = set_.labels.defined() ? Labels(Shape{options_.batch}) : Labels()};
    Scalar* const images = batch.images.mutable_data();
    std::int32_t* const labels = batch.labels.mutable_data();
    const Index sample_size = shape.size() / options_.batch;
    for (Index i = 0; i < options_.batch; ++i) {
      const Index place = position.batch * options_.batch + i;
      const Index sample = options_.shuffle ? static_cast<Index>(order_.data()[place]) : place;
      copy_sample(position.epoch, sample, images + i * sample_size);
      if (labels) labels[i] = set_.labels.data()[sample];
      if constexpr (ConditionedSet<Set>) {
        const Index width = set_.conditions.extent(1);
        if (!batch.conditions.defined()) batch.conditions = Tensor<Scalar>(Shape{options_.batch, width});
        for (Index j = 0; j < width; ++j)
          batch.conditions.mutable_data()[i * width + j] =
              static_cast<Scalar>(set_.conditions.data()[sample * width + j]);
      }
    }
    return batch;
  }

  void copy_sample(Index epoch, Index sample, Scalar* to) const {
    if constexpr (DrawnSampleSet<Set>) {
      RandomStream stream(options_.seed, "host augmentation");
      stream.restore(
          {stream.state().key, (static_cast<std::uint64_t>(epoch) << 40) + (static_cast<std::uint64_t>(sample) << 8)});
      set_.copy_sample(sample, to, stream);
    } else {
      set_.copy_sample(sample, to);
    }
  }

  Batch<Scalar> take() {
    std::unique_lock lock(mutex_);
    if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
    changed_.wait(lock, [this] { return !ready_.empty() || error_; });
    if (ready_.empty()) {
      ++journey_;  // asked again, it is tried again
      wanted_ = position_;
      std::exception_ptr error = std::exchange(error_, nullptr);
      changed_.notify_all();
      std::rethrow_exception(error);
    }
    Batch<Scalar> batch = std::move(ready_.front());
    ready_.erase(ready_.begin());  // of a few
    changed_.notify_all();
    return batch;
  }

  void work() {
    const AloneHere alone;
    run_on_all_processors();
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stop_ || (!error_ && static_cast<Index>(ready_.size()) < options_.ahead); });
      if (stop_) return;
      const Index journey = journey_;
      const LoaderPosition position = wanted_;
      lock.unlock();
      std::optional<Batch<Scalar>> batch;
      std::exception_ptr error;
      try {
        batch = prepare(position);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (journey != journey_) continue;  // somebody went elsewhere meanwhile
      if (batch) ready_.push_back(std::move(*batch));
      error_ = error;
      wanted_ = after(position);
      changed_.notify_all();
    }
  }

  Set set_;
  LoaderOptions options_;
  LoaderPosition position_;
  Tensor<std::int64_t> order_;
  Index order_epoch_ = -1;

  std::mutex mutex_;  // guards what follows, which the worker shares
  std::condition_variable changed_;
  LoaderPosition wanted_;  // what the worker prepares next
  Index journey_ = 0;      // how often somebody went elsewhere
  std::vector<Batch<Scalar>> ready_;
  std::exception_ptr error_;
  bool stop_ = false;
  std::thread worker_;
};

}  // namespace eigan::inline EIGAN_ABI::data
