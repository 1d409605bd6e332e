#include "run_report.hpp"

#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include <eigan/core/parallel.hpp>
#include <eigan/io/durable_write.hpp>

namespace examples {

void RunReport::write(const std::filesystem::path& path, const RunSettings& settings) const {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const nlohmann::ordered_json summary = {{"steps", last_.step},
                                          {"seconds", seconds},
                                          {"images_per_second", static_cast<double>(images_) / seconds},
                                          {"peak_rss_mib", static_cast<double>(usage.ru_maxrss) / 1024},
                                          {"threads", eigan::threads()},
                                          {"seed", settings.seed},
                                          {"data", settings.data},
                                          {"model", settings.model},
                                          {"loss", settings.loss},
                                          {"discriminator_loss", last_.discriminator_loss},
                                          {"generator_loss", last_.generator_loss}};
  eigan::io::write_durably(path, summary.dump(2) + "\n");
}

}  // namespace examples
