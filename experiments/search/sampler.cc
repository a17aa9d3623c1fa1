#include "experiments/search/sampler.h"

#include <utility>

#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

class RandomSampler final : public Sampler {
 public:
  RandomSampler(SearchSpace space, std::uint64_t experiment_seed)
      : space_(std::move(space)), seed_(experiment_seed) {}

  Json Sample(std::int64_t configuration_no) override {
    return SampleConfiguration(space_, seed_, configuration_no);
  }
  void Observe(const Json&, std::int64_t, double, bool) override {}

  Json Snapshot() const override { return Json::MakeObject({{"sampler", "random"}}); }
  Status Restore(const Json& snapshot) override {
    TUTTI_ASSIGN_OR_RETURN(const std::string name, snapshot.GetString("sampler"));
    if (name != "random") {
      return DataLoss("sampler snapshot: sampler is '" + name + "', expected 'random'");
    }
    return Ok{};
  }

 private:
  SearchSpace space_;
  std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<Sampler> MakeRandomSampler(SearchSpace space, std::uint64_t experiment_seed) {
  return std::make_unique<RandomSampler>(std::move(space), experiment_seed);
}

}  // namespace tutti::search
