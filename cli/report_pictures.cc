#include "cli/report_pictures.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "cli/coordinator_client.h"
#include "cli/temporary_cluster.h"
#include "dashboards/report/predictions.h"
#include "worker/data/png.h"

namespace tutti::cli {
namespace {

constexpr std::int64_t kShownMaps = 32;
constexpr std::int64_t kMapsPerRow = 8;
constexpr std::uint8_t kGap = 128;

// What an Evaluate reply holds, cut out of its payload.
struct Reply {
  std::int64_t n = 0, classes = 0, channels = 0, height = 0, width = 0;
  std::vector<std::int64_t> items;
  std::string pixels;
  std::size_t activations_at = 0;
};

Result<Reply> Cut(const EvaluationResult& result) {
  Reply reply;
  TUTTI_ASSIGN_OR_RETURN(reply.n, result.header.GetInt("n"));
  TUTTI_ASSIGN_OR_RETURN(reply.classes, result.header.GetInt("classes"));
  const Json* shape = result.header.Find("shape");
  const Json* items = result.header.Find("items");
  if (shape == nullptr || shape->size() != 3 || items == nullptr ||
      static_cast<std::int64_t>(items->size()) != reply.n) {
    return DataLoss("the worker's reply names neither shape nor items");
  }
  reply.channels = (*shape)[0].AsInt();
  reply.height = (*shape)[1].AsInt();
  reply.width = (*shape)[2].AsInt();
  for (const Json& item : items->AsArray()) reply.items.push_back(item.AsInt());
  const auto logits = static_cast<std::size_t>(reply.n * reply.classes) * sizeof(float);
  const auto pixels =
      static_cast<std::size_t>(reply.n * reply.channels * reply.height * reply.width);
  if (result.payload.size() < logits + pixels) return DataLoss("the worker's reply is cut off");
  reply.pixels = result.payload.substr(logits, pixels);
  reply.activations_at = logits + pixels;
  return reply;
}

// [c,h,w] planes as a PNG: grey, or RGB of three channels; of others the first.
report::Picture PictureOf(const Reply& reply, std::int64_t i) {
  const std::int64_t plane = reply.height * reply.width;
  const auto* from =
      reinterpret_cast<const std::uint8_t*>(reply.pixels.data()) + i * reply.channels * plane;
  const std::int64_t channels = reply.channels == 3 ? 3 : 1;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(channels * plane));
  for (std::int64_t p = 0; p < plane; ++p) {
    for (std::int64_t c = 0; c < channels; ++c) {
      pixels[static_cast<std::size_t>(p * channels + c)] = from[c * plane + p];
    }
  }
  return {static_cast<int>(reply.width), static_cast<int>(reply.height),
          EncodePng(reply.width, reply.height, channels, pixels)};
}

Evaluation Question(const report::EvaluatedSplit& e, const std::vector<std::int64_t>& items,
                    bool activations) {
  Evaluation question;
  const auto dot = e.trial.find('.');
  question.experiment = std::stoll(e.trial.substr(0, dot));
  question.trial_no = std::stoll(e.trial.substr(dot + 1));
  Json list = Json::MakeArray();
  for (const std::int64_t item : items) list.Append(item);
  question.task = Json::MakeObject({{"kind", "predict"},
                                    {"split", e.split},
                                    {"items", list},
                                    {"pixels", true},
                                    {"activations", activations}});
  question.deadline = std::chrono::minutes(2);
  return question;
}

Status FillActivations(CoordinatorClient& client, const report::EvaluatedSplit& e,
                       std::int64_t item, report::PictureData& pictures) {
  TUTTI_ASSIGN_OR_RETURN(const EvaluationResult result,
                         client.Evaluate(Question(e, {item}, true)));
  TUTTI_ASSIGN_OR_RETURN(const Reply reply, Cut(result));
  const Json* layers = result.header.Find("activations");
  if (layers == nullptr || !layers->is_array()) return Ok{};
  pictures.activation_item = item;
  std::size_t at = reply.activations_at;
  for (const Json& layer : layers->AsArray()) {
    TUTTI_ASSIGN_OR_RETURN(const std::string name, layer.GetString("layer"));
    TUTTI_ASSIGN_OR_RETURN(const std::string kind, layer.GetString("kind"));
    const Json* shape = layer.Find("shape");
    if (shape == nullptr || shape->size() != 3) return DataLoss("activations without a shape");
    const std::int64_t c = (*shape)[0].AsInt(), h = (*shape)[1].AsInt(), w = (*shape)[2].AsInt();
    const auto size = static_cast<std::size_t>(c * h * w);
    if (c < 1 || h < 1 || w < 1 || result.payload.size() < at + size * sizeof(float)) {
      return DataLoss("the worker's activations are cut off");
    }
    std::vector<float> maps(size);
    std::memcpy(maps.data(), result.payload.data() + at, size * sizeof(float));
    at += size * sizeof(float);
    pictures.activations.push_back(DrawActivations(name, kind, c, h, w, maps.data(), kShownMaps));
  }
  return Ok{};
}

Status Fill(const Globals& globals, const report::EvaluatedSplit& e,
            report::PictureData& pictures) {
  const report::WantedItems wanted = report::ChooseItems(e);
  std::vector<std::int64_t> items;
  for (const auto* list : {&wanted.mistakes, &wanted.samples}) {
    for (const report::Prediction& one : *list) items.push_back(one.item);
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  if (items.empty()) return Ok{};
  TUTTI_ASSIGN_OR_RETURN(TemporaryCluster cluster, TemporaryCluster::Open(globals));
  CoordinatorClient client(cluster.address());
  TUTTI_ASSIGN_OR_RETURN(const EvaluationResult result, client.Evaluate(Question(e, items, false)));
  TUTTI_ASSIGN_OR_RETURN(const Reply reply, Cut(result));
  for (std::int64_t i = 0; i < reply.n; ++i) {
    pictures.by_item.emplace(reply.items[static_cast<std::size_t>(i)], PictureOf(reply, i));
  }
  if (wanted.samples.empty()) return Ok{};
  return FillActivations(client, e, wanted.samples.front().item, pictures);
}

}  // namespace

report::ActivationLayer DrawActivations(const std::string& name, const std::string& kind,
                                        std::int64_t channels, std::int64_t height,
                                        std::int64_t width, const float* maps,
                                        std::int64_t limit) {
  report::ActivationLayer layer{name, kind, channels, height, width, std::min(channels, limit), {}};
  const std::int64_t columns = std::min(layer.shown, kMapsPerRow);
  const std::int64_t rows = (layer.shown + columns - 1) / columns;
  const std::int64_t sheet_width = columns * (width + 1) - 1;
  const std::int64_t sheet_height = rows * (height + 1) - 1;
  std::vector<std::uint8_t> sheet(static_cast<std::size_t>(sheet_width * sheet_height), kGap);
  for (std::int64_t c = 0; c < layer.shown; ++c) {
    const std::span<const float> map(maps + c * height * width,
                                     static_cast<std::size_t>(height * width));
    float lo = std::numeric_limits<float>::infinity();
    float hi = -lo;
    for (const float v : map) {
      if (!std::isfinite(v)) continue;
      lo = std::min(lo, v);
      hi = std::max(hi, v);
    }
    const std::int64_t left = c % columns * (width + 1);
    const std::int64_t top = c / columns * (height + 1);
    for (std::int64_t p = 0; p < height * width; ++p) {
      const float v = map[static_cast<std::size_t>(p)];
      const double share = hi > lo && std::isfinite(v)
                               ? (static_cast<double>(v) - static_cast<double>(lo)) /
                                     (static_cast<double>(hi) - static_cast<double>(lo))
                               : 0;
      sheet[static_cast<std::size_t>((top + p / width) * sheet_width + left + p % width)] =
          static_cast<std::uint8_t>(std::lround(255 * share));
    }
  }
  layer.sheet = {static_cast<int>(sheet_width), static_cast<int>(sheet_height),
                 EncodePng(sheet_width, sheet_height, 1, sheet)};
  return layer;
}

void FillPictures(const Globals& globals, report::ReportData& data) {
  const report::EvaluatedSplit* e = report::ShownEvaluation(data);
  if (e == nullptr || e->predictions.labels.empty()) return;
  if (!globals.db.empty()) {
    data.pictures.unavailable = "it was made from a database file (--db) without its cluster.";
    return;
  }
  const Status filled = Fill(globals, *e, data.pictures);
  if (!filled) data.pictures.unavailable = filled.error().ToString();
}

}  // namespace tutti::cli
