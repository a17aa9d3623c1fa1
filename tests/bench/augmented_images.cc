// Augments the training images of a trial batch by batch, as a training run does, and nothing else.
// Prints one JSON object: images, seconds, images_per_second. With --out it also writes the images
// as float32 [n, c, h, w] and the changes as float32 [n, 10] in ImageChange's order behind them,
// for scripts that compare them with other implementations.
//
// usage: tutti-bench-augmentation TRIAL.json [--images N] [--batch N] [--threads N] [--seed N]
//                                 [--epoch N] [--out FILE]

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <numeric>
#include <string>

#include "worker/trainer/training_data.h"

namespace tutti::trainer {
namespace {

int Fail(const std::string& message) {
  std::cerr << "tutti-bench-augmentation: " << message << "\n";
  return 2;
}

void Write(std::ofstream& file, const at::Tensor& images, std::span<const ImageChange> changes,
           std::string& tail) {
  const at::Tensor plain = images.contiguous(at::MemoryFormat::Contiguous);
  file.write(static_cast<const char*>(plain.const_data_ptr()),
             static_cast<std::streamsize>(plain.nbytes()));
  for (const ImageChange& c : changes) {
    const float row[] = {c.yy, c.yx, c.yt, c.xy, c.xx, c.xt, static_cast<float>(c.erase_top),
                         static_cast<float>(c.erase_left), static_cast<float>(c.erase_height),
                         static_cast<float>(c.erase_width)};
    tail.append(reinterpret_cast<const char*>(row), sizeof row);
  }
}

int Run(const ExperimentConfig& config, const std::map<std::string, std::int64_t>& number,
        const std::string& out) {
  const c10::InferenceMode inference;
  at::set_num_threads(static_cast<int>(number.at("--threads")));
  DataCache cache{at::Device(at::kCPU)};
  const auto seed = static_cast<std::uint64_t>(number.at("--seed"));
  const auto data = cache.Get(config.data, "", seed);
  if (!data.ok()) return Fail(data.error().ToString());
  const TrainingData& all = **data;
  const Augmentation augmentation(config.data.augment, seed);
  const std::int64_t epoch = number.at("--epoch"), batch = number.at("--batch");
  const std::int64_t images = number.at("--images");
  std::ofstream file;
  if (!out.empty()) file.open(out, std::ios::binary);
  std::string tail;
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t done = 0; done < images; done += batch) {
    std::vector<std::int64_t> positions(static_cast<std::size_t>(std::min(batch, images - done)));
    for (std::size_t i = 0; i < positions.size(); ++i) {
      positions[i] = (done + static_cast<std::int64_t>(i)) % all.train.size();
    }
    const Batch made = GatherBatch(all, all.train, positions, at::kFloat, &augmentation, epoch);
    if (out.empty()) continue;
    Write(file, made.images,
          augmentation.Draw(made.items, epoch, all.image[1], all.image[2]), tail);
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!out.empty() && !file.write(tail.data(), static_cast<std::streamsize>(tail.size()))) {
    return Fail("cannot write " + out);
  }
  Json shape = Json::MakeArray();
  for (const std::int64_t side : all.image) shape.Append(side);
  std::cout << Json::MakeObject({{"images", images},
                                 {"shape", std::move(shape)},
                                 {"seconds", seconds},
                                 {"images_per_second", static_cast<double>(images) / seconds}})
                   .Dump()
            << "\n";
  return 0;
}

int Main(int argc, char** argv) {
  if (argc < 2) return Fail("the first argument is a trial's JSON (tutti validate -o json FILE)");
  std::map<std::string, std::int64_t> number{
      {"--images", 10000}, {"--batch", 128}, {"--threads", 1}, {"--seed", 1}, {"--epoch", 1}};
  std::string out;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string flag = argv[i], value = argv[i + 1];
    if (flag == "--out") {
      out = value;
      continue;
    }
    const auto known = number.find(flag);
    if (known == number.end()) return Fail("unknown flag " + flag);
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), known->second);
    if (error != std::errc() || *end != '\0' || known->second < 1) {
      return Fail(flag + " is \"" + value + "\"; expected a whole number from 1");
    }
  }
  if (argc % 2 != 0) return Fail("a flag without its value");
  std::ifstream file(argv[1]);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto json = Json::Parse(text);
  if (!json.ok()) return Fail(std::string(argv[1]) + ": " + json.error().ToString());
  const auto config = ReadExperimentConfig(*json);
  if (!config.ok()) return Fail(config.error().ToString());
  return Run(*config, number, out);
}

}  // namespace
}  // namespace tutti::trainer

int main(int argc, char** argv) { return tutti::trainer::Main(argc, argv); }
