// Goal: augmented images are the right images: nothing moves at 0, whole pixels and quarter turns
// move as they must, the fused CPU kernel and the tensor operations of other devices agree; what is
// drawn is distributed as configured and belongs to (seed, epoch, item), whatever the batch.
// Method: the kernel with explicit parameters against images written out by index; draws of
// thousands of items against means, variances and limits; batches gathered whole and in parts.

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

#include "worker/trainer/augmentation.h"
#include "worker/trainer/training_data.h"

namespace tutti::trainer {
namespace {

constexpr double kRadians = std::numbers::pi / 180;

std::vector<std::uint8_t> RandomBytes(const PixelShape& s, std::uint32_t state = 1) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(s.h * s.w * s.c));
  for (auto& b : bytes) {
    state = state * 1664525u + 1013904223u;
    b = static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

std::vector<float> Changed(const PixelShape& s, const std::vector<std::uint8_t>& image,
                           const ImageChange& change) {
  std::vector<std::uint32_t> scratch(static_cast<std::size_t>(ChangeScratchSize(s)));
  std::vector<float> out(image.size(), -1.0f);
  ChangeImage(s, image.data(), change, scratch.data(), out.data());
  return out;
}

ImageChange Rotation(int quarters) {
  constexpr float kCos[] = {1, 0, -1, 0}, kSin[] = {0, 1, 0, -1};
  ImageChange change;
  change.xx = change.yy = kCos[quarters];
  change.xy = kSin[quarters];
  change.yx = -kSin[quarters];
  return change;
}

ImageChange Shift(float down, float right) {
  ImageChange change;
  change.yt = -down;
  change.xt = -right;
  return change;
}

struct Moved {
  const char* name;
  PixelShape shape;
  ImageChange change;
  // Source of the output's (y, x); outside of the image: background.
  std::function<std::pair<std::int64_t, std::int64_t>(std::int64_t, std::int64_t)> from;
};

TEST(ChangeImage, MovesWholePixelsAndQuarterTurnsExactly) {
  const Moved cases[] = {
      {"identity", {5, 7, 1}, {}, [](auto y, auto x) { return std::pair{y, x}; }},
      {"down 2, right 3", {6, 8, 1}, Shift(2, 3),
       [](auto y, auto x) { return std::pair{y - 2, x - 3}; }},
      {"up 4, left 1, colour", {6, 5, 3}, Shift(-4, -1),
       [](auto y, auto x) { return std::pair{y + 4, x + 1}; }},
      {"out of the image", {6, 5, 1}, Shift(50, -50),
       [](auto, auto) { return std::pair<std::int64_t, std::int64_t>{-1, -1}; }},
      // Clockwise: the source of a place is a quarter turn back.
      {"90 degrees", {6, 6, 1}, Rotation(1), [](auto y, auto x) { return std::pair{5 - x, y}; }},
      {"90 degrees, odd, colour", {7, 7, 3}, Rotation(1),
       [](auto y, auto x) { return std::pair{6 - x, y}; }},
      {"180 degrees", {6, 9, 1}, Rotation(2),
       [](auto y, auto x) { return std::pair{5 - y, 8 - x}; }},
      {"270 degrees", {6, 6, 2}, Rotation(3), [](auto y, auto x) { return std::pair{x, 5 - y}; }},
  };
  for (const Moved& m : cases) {
    SCOPED_TRACE(m.name);
    const PixelShape& s = m.shape;
    const std::vector<std::uint8_t> image = RandomBytes(s);
    const std::vector<float> out = Changed(s, image, m.change);
    for (std::int64_t y = 0; y < s.h; ++y) {
      for (std::int64_t x = 0; x < s.w; ++x) {
        const auto [sy, sx] = m.from(y, x);
        const bool inside = sy >= 0 && sy < s.h && sx >= 0 && sx < s.w;
        for (std::int64_t k = 0; k < s.c; ++k) {
          const float want =
              inside ? image[static_cast<std::size_t>((sy * s.w + sx) * s.c + k)] : 0.0f;
          ASSERT_EQ(out[static_cast<std::size_t>((y * s.w + x) * s.c + k)], want) << y << "," << x;
        }
      }
    }
  }
}

TEST(ChangeImage, InterpolatesBetweenNeighboursAndTheBackground) {
  const PixelShape s{1, 3, 1};
  const std::vector<float> out = Changed(s, {100, 200, 40}, Shift(0, 0.25f));
  EXPECT_FLOAT_EQ(out[0], 75);   // a quarter of it comes from outside
  EXPECT_FLOAT_EQ(out[1], 175);
  EXPECT_FLOAT_EQ(out[2], 80);
}

TEST(ChangeImage, ErasesExactlyItsRectangle) {
  const PixelShape s{6, 5, 3};
  std::vector<std::uint8_t> image = RandomBytes(s);
  for (auto& b : image) b = std::max<std::uint8_t>(b, 1);
  ImageChange change;
  change.erase_top = 2;
  change.erase_left = 1;
  change.erase_height = 3;
  change.erase_width = 4;
  const std::vector<float> out = Changed(s, image, change);
  for (std::int64_t i = 0; i < s.h * s.w * s.c; ++i) {
    const std::int64_t y = i / (s.w * s.c), x = i / s.c % s.w;
    const bool erased = y >= 2 && y < 5 && x >= 1 && x < 5;
    EXPECT_EQ(out[static_cast<std::size_t>(i)],
              erased ? 0.0f : image[static_cast<std::size_t>(i)]);
  }
}

AugmentConfig Everything() {
  AugmentConfig config;
  config.rotate = 40;
  config.shift = 0.2;
  config.zoom = 0.3;
  config.shear = 20;
  config.erase = 0.5;
  config.erase_area = 0.3;
  return config;
}

TEST(ChangeImages, TensorOperationsAgreeWithTheKernel) {
  const c10::InferenceMode inference;
  for (const PixelShape s : {PixelShape{28, 28, 1}, {9, 20, 1}, {17, 12, 3}, {1, 5, 2}}) {
    std::vector<std::int64_t> items(64);
    std::iota(items.begin(), items.end(), 0);
    const std::vector<ImageChange> changes =
        Augmentation(Everything(), 3).Draw(items, 2, s.h, s.w);
    const auto n = static_cast<std::int64_t>(items.size());
    at::Tensor images = at::empty({n, s.c, s.h, s.w}, at::kFloat, at::MemoryFormat::ChannelsLast);
    at::Tensor want = at::empty_like(images);
    const std::int64_t size = s.h * s.w * s.c;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto image = RandomBytes(s, static_cast<std::uint32_t>(i));
      std::copy(image.begin(), image.end(), images.data_ptr<float>() + i * size);
      const auto changed = Changed(s, image, changes[static_cast<std::size_t>(i)]);
      std::copy(changed.begin(), changed.end(), want.data_ptr<float>() + i * size);
    }
    const at::Tensor difference = (ChangeImages(images, changes) - want).abs() / 255;
    EXPECT_LE(difference.max().item<double>(), 1e-4) << s.h << "x" << s.w << "x" << s.c;
    EXPECT_GT((images - want).abs().max().item<double>(), 1) << "nothing moved";
  }
}

TEST(Augmentation, WithoutLimitsNothingMoves) {
  const ImageChange change = Augmentation({}, 1).Draw(5, 1, 28, 28);
  EXPECT_FALSE(change.moves());
  EXPECT_FALSE(change.erases());
}

// What a change does, from its matrix: valid where only one of them is on.
struct Parameter {
  const char* name;
  AugmentConfig config;
  double (*value)(const ImageChange&);
  double limit;
};

TEST(Augmentation, ParametersAreUniformWithinTheirLimits) {
  AugmentConfig rotate, down, right, zoom, shear;
  rotate.rotate = 25;
  down.shift = right.shift = 0.15;
  zoom.zoom = 0.2;
  shear.shear = 30;
  const Parameter cases[] = {
      {"rotate", rotate, [](const auto& c) { return std::atan2(-c.yx, c.yy) / kRadians; }, 25},
      {"down", down, [](const auto& c) { return -static_cast<double>(c.yt); }, 0.15 * 20},
      {"right", right, [](const auto& c) { return -static_cast<double>(c.xt); }, 0.15 * 30},
      {"zoom", zoom, [](const auto& c) { return 1.0 / c.xx - 1; }, 0.2},
      {"shear", shear, [](const auto& c) { return std::atan(-c.xy) / kRadians; }, 30}};
  for (const Parameter& p : cases) {
    SCOPED_TRACE(p.name);
    constexpr int kDraws = 20000;
    double sum = 0, squares = 0, most = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double v = p.value(Augmentation(p.config, 7).Draw(i, 1, 20, 30)) / p.limit;
      sum += v;
      squares += v * v;
      most = std::max(most, std::abs(v));
    }
    // Uniform in ±1: variance 1/3, of its square 4/45. Five standard deviations of the means.
    EXPECT_NEAR(sum / kDraws, 0, 5 * std::sqrt(1.0 / 3 / kDraws));
    EXPECT_NEAR(squares / kDraws, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / kDraws));
    EXPECT_LE(most, 1 + 1e-5);
    EXPECT_GT(most, 0.999);
  }
}

TEST(Augmentation, ErasesAtItsRateWithinItsArea) {
  AugmentConfig config;
  config.erase = 0.3;
  config.erase_area = 0.2;
  constexpr int kDraws = 20000;
  int erased = 0;
  double area = 0;
  for (int i = 0; i < kDraws; ++i) {
    const ImageChange c = Augmentation(config, 9).Draw(i, 1, 100, 80);
    EXPECT_FALSE(c.moves());
    if (!c.erases()) continue;
    ++erased;
    ASSERT_GE(c.erase_top, 0);
    ASSERT_GE(c.erase_left, 0);
    ASSERT_LE(c.erase_top + c.erase_height, 100);
    ASSERT_LE(c.erase_left + c.erase_width, 80);
    const double share = c.erase_height * c.erase_width / 8000.0;
    // Sides are rounded to whole pixels: up to half a pixel each.
    ASSERT_LE(share, 0.2 + (c.erase_height + c.erase_width) * 0.5 / 8000.0);
    ASSERT_LE((c.erase_height - 0.5) / (c.erase_width + 0.5), 3.3);
    ASSERT_LE((c.erase_width - 0.5) / (c.erase_height + 0.5), 3.3);
    area += share;
  }
  EXPECT_NEAR(erased / static_cast<double>(kDraws), 0.3, 5 * std::sqrt(0.21 / kDraws));
  EXPECT_NEAR(area / erased, 0.1, 0.005);
}

bool Same(const ImageChange& a, const ImageChange& b) {
  return a.yy == b.yy && a.yx == b.yx && a.yt == b.yt && a.xy == b.xy && a.xx == b.xx &&
         a.xt == b.xt && a.erase_top == b.erase_top && a.erase_left == b.erase_left &&
         a.erase_height == b.erase_height && a.erase_width == b.erase_width;
}

TEST(Augmentation, ADrawBelongsToSeedEpochAndItem) {
  const Augmentation augmentation(Everything(), 5);
  const ImageChange one = augmentation.Draw(17, 3, 28, 28);
  EXPECT_TRUE(Same(one, Augmentation(Everything(), 5).Draw(17, 3, 28, 28)));
  EXPECT_TRUE(Same(one, augmentation.Draw(std::vector<std::int64_t>{4, 17}, 3, 28, 28)[1]));
  EXPECT_FALSE(Same(one, augmentation.Draw(18, 3, 28, 28)));
  EXPECT_FALSE(Same(one, augmentation.Draw(17, 4, 28, 28)));
  EXPECT_FALSE(Same(one, Augmentation(Everything(), 6).Draw(17, 3, 28, 28)));
}

TEST(Augmentation, SwitchingOneOnLeavesTheOthers) {
  AugmentConfig shift, both;
  shift.shift = both.shift = 0.1;
  both.erase = 1;
  const ImageChange a = Augmentation(shift, 5).Draw(17, 3, 28, 28);
  const ImageChange b = Augmentation(both, 5).Draw(17, 3, 28, 28);
  EXPECT_EQ(a.xt, b.xt);
  EXPECT_EQ(a.yt, b.yt);
  EXPECT_TRUE(b.erases());
}

// Glyphs, whose bytes need no files.
class GatheredBatch : public testing::Test {
 protected:
  void SetUp() override {
    DataConfig config;
    config.dataset = "glyphs";
    config.options = *Json::Parse(R"({"train": 120, "test": 10, "seed": 3, "classes": 10})");
    config.normalize = true;
    config.mean = 0.2;
    config.std = 0.4;
    auto data = cache_.Get(config, "", 1);
    ASSERT_TRUE(data.ok()) << data.error().ToString();
    data_ = *data;
    order_.resize(static_cast<std::size_t>(data_->train.size()));
    for (std::size_t i = 0; i < order_.size(); ++i) {
      order_[i] = static_cast<std::int64_t>(i * 7 % order_.size());
    }
  }
  at::Tensor Gather(std::size_t begin, std::size_t end, at::ScalarType type,
                    const Augmentation* augmentation) {
    return GatherBatch(*data_, data_->train, std::span(order_).subspan(begin, end - begin), type,
                       augmentation, 2)
        .images;
  }

  const c10::InferenceMode inference_;
  DataCache cache_{at::Device(at::kCPU)};
  std::shared_ptr<const TrainingData> data_;
  std::vector<std::int64_t> order_;
};

TEST_F(GatheredBatch, IsTheSameBitsHoweverRanksShareIt) {
  const Augmentation augmentation(Everything(), 5);
  constexpr std::size_t kCount = 50;
  for (const at::ScalarType type : {at::kFloat, at::kDouble, at::kBFloat16}) {
    const at::Tensor whole = Gather(0, kCount, type, &augmentation);
    for (const std::size_t ranks : {2u, 3u}) {
      std::vector<at::Tensor> parts;
      for (std::size_t r = 0; r < ranks; ++r) {
        parts.push_back(
            Gather(kCount * r / ranks, kCount * (r + 1) / ranks, type, &augmentation));
      }
      EXPECT_TRUE(at::cat(parts).equal(whole)) << ranks;
    }
  }
}

TEST_F(GatheredBatch, WithoutAChangeIsTheImageItself) {
  const Augmentation nothing(AugmentConfig{}, 5);
  const at::Tensor plain = Gather(0, 50, at::kDouble, nullptr);
  EXPECT_LE((Gather(0, 50, at::kDouble, &nothing) - plain).abs().max().item<double>(), 1e-15);
  const at::Tensor narrow = Gather(0, 50, at::kFloat, nullptr);
  EXPECT_LE((Gather(0, 50, at::kFloat, &nothing) - narrow).abs().max().item<double>(), 1e-6);
}

TEST_F(GatheredBatch, TypesAgreeAndTheBackgroundIsNormalised) {
  AugmentConfig far;
  far.shift = 0.9;
  const Augmentation augmentation(far, 5);
  const at::Tensor wide = Gather(0, 50, at::kDouble, &augmentation);
  EXPECT_NEAR(wide.min().item<double>(), -0.2 / 0.4, 1e-12);
  const auto differs = [&](at::ScalarType type) {
    return (Gather(0, 50, type, &augmentation).to(at::kDouble) - wide).abs().max().item<double>();
  };
  EXPECT_LE(differs(at::kFloat), 1e-6);
  EXPECT_LE(differs(at::kBFloat16), 0.01);
}

TEST_F(GatheredBatch, DataIsDescribed) {
  const Json& d = data_->description;
  EXPECT_EQ(d.Find("name")->AsString(), "glyphs");
  const Json* train = d.Find("splits")->Find("train");
  ASSERT_NE(train, nullptr);
  EXPECT_EQ(train->Find("n")->AsInt(), data_->train.size());
  std::int64_t pixels = 0;
  for (const Json& count : train->Find("intensity")->AsArray()) pixels += count.AsInt();
  EXPECT_EQ(pixels, data_->train.size() * data_->image[0] * data_->image[1] * data_->image[2]);
}

}  // namespace
}  // namespace tutti::trainer
